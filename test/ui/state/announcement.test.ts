import { expect, it } from 'vitest';
import type { Summary } from '../../../server/http/contract/types.ts';
import { announcementOf } from '../../../ui/state/announcement.ts';

const mail = (id: string, name: string, subject: string, sender = ''): Summary => ({
  id,
  kind: 'message',
  source: 'smtp',
  receivedAt: '2026-01-31T14:02:11.482Z',
  from: name === '' ? [] : [{ name, address: `${name.toLowerCase()}@acme.test` }],
  to: [],
  subject,
  snippet: null,
  size: 1,
  envelope: { sender, recipients: [], recipientCount: 0, refused: [] },
  read: false,
  starred: false,
  pinned: false,
  tags: [],
  attachments: null,
  defects: 0,
  user: null,
  client: null,
  host: 'submission',
  sessionId: null,
  deliveries: [],
});

it.each<[string, Summary[], { title: string; body: string; id: string | null }]>([
  ['one names sender and subject', [mail('1', 'Acme', 'Welcome')], { title: 'Acme', body: 'Welcome', id: '1' }],
  [
    'one without a From field names the envelope’s sender',
    [mail('1', '', '', 'cron@ops.test')],
    { title: 'cron@ops.test', body: '(no subject)', id: '1' },
  ],
  ['one from nobody says so', [mail('1', '', 'Undelivered')], { title: '(null sender)', body: 'Undelivered', id: '1' }],
  ['what hides in a subject is made visible', [mail('1', 'Acme', 'Pay\u202eday')], { title: 'Acme', body: 'Pay\ufffdday', id: '1' }],
  [
    'of many, the number and the newest three',
    ['1', '2', '3', '4'].map((id) => mail(id, `App${id}`, `Subject ${id}`)),
    { title: '4 new messages', body: 'App4: Subject 4\nApp3: Subject 3\nApp2: Subject 2', id: null },
  ],
])('%s', (_what, burst, announcement) => {
  expect(announcementOf(burst)).toEqual(announcement);
});
