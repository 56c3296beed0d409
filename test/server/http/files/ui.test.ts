import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRig } from '../rig.ts';
import type { Rig, RigOptions } from '../rig.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailrig-ui-'));
  await mkdir(join(folder, 'ui', 'assets'), { recursive: true });
  await mkdir(join(folder, 'docs'));
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'ui', 'index.html'), '<!doctype html><p>page');
  await writeFile(join(folder, 'ui', 'icon.svg'), '<svg/>');
  await writeFile(join(folder, 'ui', 'assets', 'index-Ab3_dE9x.js'), 'let a;');
  await writeFile(join(folder, 'docs', 'swagger-ui.css'), 'a{}');
  await writeFile(join(folder, 'docs', 'swagger-ui-bundle.js'), 'var b;');
  await writeFile(join(folder, 'docs', 'package.json'), '{}');
});
afterAll(() => rm(folder, { recursive: true }));

const rigWith = (options: RigOptions = {}): Promise<Rig> =>
  createRig({ ...options, deps: { folders: { ui: join(folder, 'ui'), docs: join(folder, 'docs') } } });

describe('the web page', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache', '<!doctype html><p>page'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache', '<!doctype html><p>page'],
    ['/icon.svg', 'image/svg+xml', 'no-cache', '<svg/>'],
    ['/assets/index-Ab3_dE9x.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', 'let a;'],
  ])('%s', async (path, type, cache, text) => {
    const rig = await rigWith();
    const answer = await rig.ask(path);
    expect([answer.headers.get('content-type'), answer.headers.get('cache-control'), await answer.text()]).toEqual([type, cache, text]);
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    );
    const again = await rig.ask(path, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/',
    '/assets',
    '//secret.txt',
    '/index.html%00.txt',
    '/constructor',
  ])('has no %s', async (path) => {
    const rig = await rigWith();
    expect((await rig.ask(path)).status).toBe(404);
  });

  it('lies under the base path with all the rest', async () => {
    const rig = await rigWith({ settings: { basePath: '/mail' } });
    const moved = await rig.ask('/mail');
    expect([moved.status, moved.headers.get('location')]).toEqual([308, '/mail/']);
    const paths = ['/mail/', '/mail/icon.svg', '/mail/v1/info', '/mail/healthz', '/', '/v1/info', '/healthz'];
    expect(await Promise.all(paths.map(async (path) => (await rig.ask(path)).status))).toEqual([200, 200, 200, 200, 404, 404, 404]);
  });

  it('is read again after a new build', async () => {
    const rig = await rigWith();
    await rig.ask('/');
    await writeFile(join(folder, 'ui', 'new.txt'), 'new');
    await utimes(join(folder, 'ui', 'index.html'), new Date(), new Date(2020, 1, 1));
    expect(await (await rig.ask('/new.txt')).text()).toBe('new');
  });

  it('says how to build it where it is not built', async () => {
    const rig = await createRig({ deps: { folders: { ui: null, docs: null } } });
    expect(await rig.json('/')).toMatchObject({ error: { message: expect.stringContaining('npm run build') as string } });
  });
});

describe('the page of the API', () => {
  it('runs only files of ours', async () => {
    const rig = await rigWith();
    const answer = await rig.ask('/v1/docs');
    const html = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(html).not.toMatch(/<script(?![^>]* src=)/);
    const files = [...html.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, file]) => file);
    expect(files).toHaveLength(3);
    for (const file of files) expect((await rig.ask(`/v1/${file}`)).status).toBe(200);
    expect((await rig.ask('/v1/docs/package.json')).status).toBe(404);
  });
});
