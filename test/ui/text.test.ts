import { expect, it } from 'vitest';
import { text } from '../../ui/text.ts';
import { composeText } from '../../ui/text/compose.ts';
import { frameText } from '../../ui/text/frame.ts';
import { inboxText } from '../../ui/text/inbox.ts';
import { messageText } from '../../ui/text/message.ts';
import { settingsText } from '../../ui/text/settings.ts';

it('no sentence takes the place of another one', () => {
  const names = [frameText, inboxText, messageText, settingsText, composeText].flatMap((table) => Object.keys(table));
  expect(names.toSorted()).toEqual(Object.keys(text).toSorted());
});
