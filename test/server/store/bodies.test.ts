import { expect, test } from 'vitest';
import { createMemoryBodies } from '../../../server/store/bodies.ts';

const filled = (length: number, byte: number): Buffer => Buffer.alloc(length, byte);

test('bytes come back exactly, small and large, whole and in ranges', async () => {
  const bodies = createMemoryBodies();
  const raws = [0, 1, 1000, 31 * 1024, 33 * 1024, 300 * 1024].map((length, i) => filled(length, 65 + i));
  const refs = await Promise.all(raws.map((raw) => bodies.put(raw)));
  for (const [i, ref] of refs.entries()) {
    const raw = raws[i] as Buffer;
    expect((await bodies.get(ref)).equals(raw)).toBe(true);
    expect((await bodies.get(ref, 1, 4)).equals(raw.subarray(1, 4))).toBe(true);
    expect((await bodies.get(ref, -5, 1e9)).equals(raw)).toBe(true);
    expect((await bodies.get(ref, 5, 2)).length).toBe(0);
  }
});

test('what is put keeps its bytes when the next ones come and the first are dropped', async () => {
  const bodies = createMemoryBodies();
  const first = await bodies.put(filled(20_000, 1));
  const refs = [];
  for (let i = 0; i < 100; i++) refs.push(await bodies.put(filled(20_000, i)));
  await bodies.drop([first, ...refs.slice(0, 50)]);
  for (let i = 50; i < 100; i++) expect((await bodies.get(refs[i] as (typeof refs)[0])).every((byte) => byte === i)).toBe(true);
});

test('a block goes when all in it are dropped', async () => {
  const bodies = createMemoryBodies();
  const refs = [];
  for (let i = 0; i < 40; i++) refs.push(await bodies.put(filled(20_000, i)));
  await bodies.drop(refs);
  await expect(bodies.get(refs[0] as (typeof refs)[0])).rejects.toThrow('gone');
});
