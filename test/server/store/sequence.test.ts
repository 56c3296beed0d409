import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sequence } from '../../../server/store/sequence.ts';

test('stays equal to a plain sorted array, whatever is done to it', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('push' as const) }),
    fc.record({ do: fc.constant('remove' as const), at: fc.nat(50) }),
    fc.record({ do: fc.constant('removeFirst' as const) }),
    fc.record({ do: fc.constant('removeAll' as const), at: fc.array(fc.nat(50), { maxLength: 20 }) }),
    fc.record({ do: fc.constant('dropBelow' as const), at: fc.nat(50) }),
    fc.record({ do: fc.constant('insertBack' as const), at: fc.nat(50) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const sequence = new Sequence((item: { key: number }) => item.key);
      let model: { key: number }[] = [];
      let nextKey = 1;
      for (const { do: what, ...rest } of steps) {
        const at = 'at' in rest ? rest.at : 0;
        if (what === 'push') {
          const item = { key: nextKey++ };
          sequence.push(item);
          model.push(item);
        } else if (what === 'removeAll') {
          const keys = new Set((at as number[]).map((i) => model[i]?.key ?? -1));
          sequence.removeAll(keys);
          model = model.filter(({ key }) => !keys.has(key));
        } else if (what === 'dropBelow') {
          const key = model[at as number]?.key ?? 0;
          sequence.dropBelow(key);
          model = model.filter((item) => item.key >= key);
        } else {
          const position = what === 'removeFirst' ? 0 : (at as number);
          const item = model[position];
          expect(sequence.remove(item?.key ?? -1)).toBe(item !== undefined);
          if (item) model.splice(position, 1);
          if (item && what === 'insertBack') {
            sequence.insert(item);
            model.splice(position, 0, item);
          }
        }
        expect([...sequence]).toEqual(model);
        expect(sequence.length).toBe(model.length);
        expect(sequence.at(-1)).toBe(model.at(-1));
        expect(sequence.at(2)).toBe(model[2]);
      }
      for (const [position, item] of model.entries()) {
        expect(sequence.indexOf(item.key)).toBe(position);
        expect(sequence.get(item.key)).toBe(item);
      }
    }),
  );
});

test('dropping 100,000 items one by one from the front keeps the rest in reach', () => {
  const sequence = new Sequence((item: number) => item);
  for (let i = 0; i < 100_000; i++) sequence.push(i);
  for (let i = 0; i < 99_990; i++) sequence.remove(i);
  expect(sequence.slice()).toEqual([99_990, 99_991, 99_992, 99_993, 99_994, 99_995, 99_996, 99_997, 99_998, 99_999]);
  expect(sequence.indexOf(99_995)).toBe(5);
});
