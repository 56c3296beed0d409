// Which folder may import which: imports go one way only.

const ROOT = ['app', 'main', 'config', 'config-file', 'settings', 'values', 'version', 'users'];
const CONFIG = ['config', 'config-file', 'settings', 'values', 'version'];

/** Folder under server/ → the folders, or files of server/ itself, that it may import besides its own. */
const MAY_IMPORT = {
  base: [],
  mail: ['base'],
  store: ['base', 'mail'],
  faults: ['base', 'mail'],
  net: ['base', 'faults'],
  smtp: ['base', 'mail', 'net', 'faults'],
  imap: ['base', 'mail', 'store', 'net', 'faults'],
  pop3: ['base', 'mail', 'store', 'net', 'faults'],
  delivery: ['base', 'mail', 'store', 'net', 'smtp', 'faults'],
  http: ['base', 'mail', 'store', 'faults', 'net', 'delivery', ...CONFIG],
  client: [],
  cli: ['base', 'mail', 'client', 'app', ...CONFIG],
};

const place = (name) => (ROOT.includes(name) ? `${name}\\.ts$` : `${name}/`);

const folders = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder} imports only ${['itself', ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^server/${folder}/` },
  to: {
    path: '^(server|ui|test)/',
    pathNot: [folder, ...allowed].map((name) => `^server/${place(name)}`).concat(folder === 'client' ? ['^server/http/contract/'] : []),
  },
}));

module.exports = {
  forbidden: [
    ...folders,
    { name: 'no circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'every import exists', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'the client and the page know the contract, nothing else of the server',
      severity: 'error',
      from: { path: '^ui/' },
      to: { path: '^(server|test)/', pathNot: '^server/http/contract/' },
    },
    {
      name: 'of the contract, the client and the page import types only',
      severity: 'error',
      from: { path: '^(ui|server/client)/' },
      to: { path: '^server/http/contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing below imports the parts that join everything',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/(cli/|main\\.ts$)' },
      to: { path: '^server/(app|main)\\.ts$|^server/cli/' },
    },
    {
      name: 'settings import only base',
      severity: 'error',
      from: { path: `^server/(${CONFIG.join('|')})\\.ts$` },
      to: { path: '^server/', pathNot: `^server/(base/|(${CONFIG.join('|')})\\.ts$)` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'svelte', 'types'] },
  },
};
