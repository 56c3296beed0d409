import { expect, it } from 'vitest';
import { text } from '../../ui/text.ts';
import { frameText } from '../../ui/text/frame.ts';
import { inboxText } from '../../ui/text/inbox.ts';

it('no sentence takes the place of another one', () => {
  const names = [...Object.keys(frameText), ...Object.keys(inboxText)];
  expect(names.toSorted()).toEqual(Object.keys(text).toSorted());
});
