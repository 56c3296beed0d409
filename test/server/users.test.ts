// The file of users, and who may log in with and without one.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createUsers, parseUsers, readUsers } from '../../server/users.ts';

describe('parseUsers', () => {
  it('reads names and passwords, and skips comments and empty lines', () => {
    const text = '\ufeff# who may log in\r\nJo+tag@Shop.test:se:cret \n\n  \nbare:x\n*:all of it\n';
    expect(Object.fromEntries(parseUsers(text))).toEqual({ 'jo@shop.test': 'se:cret ', bare: 'x', '*': 'all of it' });
  });

  it.each([
    ['jo', 'line 1, column 3: ":" expected between name and password'],
    ['a:b\n:x', 'line 2, column 1: name expected before ":"'],
    ['# c\n\njo@shop.test:', 'line 3, column 14: password expected after ":"'],
    ['jo:a\tb', 'line 1, column 5: control characters are in no name and no password'],
    ['jo:a\nJO:b', 'line 2, column 1: jo stands here twice'],
  ])('says what is wrong with %j, and where', (text, message) => {
    expect(() => parseUsers(text)).toThrow(message);
  });
});

describe('readUsers', () => {
  it('names the file in every error', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailrig-users-'));
    const file = join(folder, 'users.txt');
    await expect(readUsers(file)).rejects.toThrow(`${file} cannot be read: ENOENT`);
    await writeFile(file, 'jo:x\nno colon\n');
    await expect(readUsers(file)).rejects.toThrow(`${file}, line 2, column 9: ":" expected`);
    await writeFile(file, Buffer.from('j\xf6:x\n', 'latin1'));
    await expect(readUsers(file)).rejects.toThrow(`${file} cannot be read: The encoded data was not valid`);
    await writeFile(file, 'jö:x\n');
    expect(await readUsers(file)).toEqual(new Map([['jö', 'x']]));
    await rm(folder, { recursive: true });
  });
});

describe('createUsers', () => {
  it('lets anybody in without a list, but not without a name', () => {
    const users = createUsers(null);
    expect(users.listed).toBe(false);
    expect(users.login('Any Body', 'x')).toBe('Any Body');
    expect(users.login('', 'x')).toBe(null);
    expect(users.login('  ', 'x')).toBe(null);
    expect(users.login('a\nb', 'x')).toBe(null);
    expect(users.login('é'.repeat(160), 'x')).toBe('é'.repeat(160));
    expect(users.login('é'.repeat(161), 'x')).toBe(null);
    expect(users.login('*', '')).toBe('*');
    expect(users.secretOf('anybody')).toBe(null);
  });

  it('asks for the password of everything, where there is one', () => {
    const users = createUsers(null, 'all');
    expect(users.login('*', 'x')).toBe(null);
    expect(users.login('*', 'all')).toBe('*');
    expect(users.secretOf('*')).toBe('all');
    expect(users.login('jo', 'x')).toBe('jo');
  });

  it('lets those of a list in, by whatever form of their name', () => {
    const users = createUsers(new Map([['jo@bücher.test', 'geheim']]), 'all');
    expect(users.listed).toBe(true);
    expect(users.login('Jo+x@xn--bcher-kva.test', 'geheim')).toBe('Jo+x@xn--bcher-kva.test');
    expect(users.login('jo@bücher.test', 'Geheim')).toBe(null);
    expect(users.login('joe@bücher.test', 'geheim')).toBe(null);
    expect(users.login('*', 'all'), 'the list decides').toBe(null);
    expect(users.secretOf('JO@bücher.test')).toBe('geheim');
    expect(users.secretOf('joe@bücher.test')).toBe(undefined);
  });
});
