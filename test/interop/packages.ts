// What a client needs of Debian's packages, brought where that can be done.

import { spawnSync } from 'node:child_process';
import { platform } from 'node:process';
import { isHere } from '../flows/programs.ts';

export interface Client {
  /** Of its script, without the ending. */
  readonly name: string;
  readonly command: string;
  readonly packages: readonly string[];
  /** `nobody`: it does not log in to Mailrig, so that one round is enough. */
  readonly asks?: 'nobody';
}

/** Every client that has a script in `clients/`. */
export const CLIENTS: readonly Client[] = [
  { name: 'curl', command: 'curl', packages: ['curl'] },
  { name: 'dovecot', command: 'dovecot', packages: ['dovecot-imapd', 'dovecot-pop3d'], asks: 'nobody' },
  { name: 'fetchmail', command: 'fetchmail', packages: ['fetchmail'] },
  { name: 'interimap', command: 'interimap', packages: ['interimap'] },
  { name: 'mbsync', command: 'mbsync', packages: ['isync'] },
  { name: 'neomutt', command: 'neomutt', packages: ['neomutt'] },
  { name: 'offlineimap', command: 'offlineimap', packages: ['offlineimap3'] },
  { name: 'postfix_sink', command: 'smtp-sink', packages: ['postfix'], asks: 'nobody' },
  { name: 'postfix_source', command: 'smtp-source', packages: ['postfix'], asks: 'nobody' },
  { name: 'python_email', command: 'python3', packages: ['python3'], asks: 'nobody' },
  { name: 'python_std', command: 'python3', packages: ['python3'] },
  { name: 'swaks', command: 'swaks', packages: ['swaks', 'libnet-ssleay-perl', 'libauthen-sasl-perl'] },
];

const APT = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;

/** Installs what is missing for `clients`, where this is a Debian and we are its root; elsewhere nothing happens. */
export function install(clients: readonly Client[]): void {
  const missing = clients.filter(({ command }) => !isHere(command)).flatMap(({ packages }) => packages);
  if (missing.length === 0 || platform !== 'linux' || process.getuid?.() !== 0 || !isHere('apt-get')) return;
  process.stdout.write(`installing ${missing.join(' ')}\n`);
  spawnSync('apt-get', ['update', '-qq'], APT);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], APT);
}
