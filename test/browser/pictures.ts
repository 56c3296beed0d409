// Takes the pictures of the README: `npx vite build && npx tsx test/browser/pictures.ts` writes fixtures/pictures/*.png.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { SendMailOptions } from 'nodemailer';
import { Client } from '../conversations/client.ts';
import { deliver } from './delivering.ts';
import { DESKTOP, PHONE, live, rowOf, startRig } from './rig.ts';

const folder = fileURLToPath(new URL('../../fixtures/pictures/', import.meta.url));

const WELCOME = `<!doctype html><html lang="en"><body style="margin:0;background:#fff;font:14px/22px Arial,Helvetica,sans-serif;color:#22303a">
<div style="background:#12343b;color:#fff;padding:16px 32px;font-weight:700;font-size:17px">Acme</div>
<div style="padding:24px 32px"><h1 style="font-size:21px;line-height:28px;margin:0 0 8px;color:#12343b">Confirm your address</h1>
<p>Hello Jürgen, thank you for joining Acme. Type this code in the app, or use the button.</p>
<p style="font:700 26px/56px monospace;letter-spacing:.24em;background:#eef4f3;text-align:center;color:#12343b">482913</p>
<p><a href="https://app.acme.test/confirm?t=8fKq2w" style="display:inline-block;background:#bb4430;color:#fff;font-weight:700;padding:9px 20px;border-radius:4px;text-decoration:none">Confirm my address</a></p>
<p>The code is valid for 15 minutes. If you did not ask for it, you may ignore this mail.</p>
<table role="presentation" width="100%" cellspacing="8"><tr>
<td width="50%" style="border:1px dashed #9aa7b0;background:#f5f7f8"><img src="https://img.acme.test/hero-winter.png" alt="Our winter shop" width="100%" height="72"></td>
<td style="border:1px dashed #9aa7b0;background:#f5f7f8"><img src="https://img.acme.test/1.png" alt="Socks" width="100%" height="72"></td>
<td style="border:1px dashed #9aa7b0;background:#f5f7f8"><img src="https://img.acme.test/2.png" alt="Candles" width="100%" height="72"></td></tr></table>
<p style="color:#5f6d77;font-size:12px;line-height:18px;border-top:1px solid #dfe6e8;padding-top:12px">Acme Ltd, 1 Example Street. <a href="https://acme.test/unsubscribe" style="color:inherit">Unsubscribe</a></p></div></body></html>`;

const many = Array.from({ length: 59 }, (_, i) => `list-${i + 42}@corp.test`);

/** Oldest first. */
const mails: readonly SendMailOptions[] = [
  { from: 'Lea Winter <lea@corp.test>', to: 'ada@corp.test', subject: 'Notes from Tuesday', text: 'The room is booked until four.' },
  { from: 'Дмитрий Орлов <orlov@corp.test>', to: 'lena@corp.test', subject: 'Договор на подпись, версия 3', text: 'Юрген, добрый день' },
  { from: 'GitLab <ci@gitlab.test>', to: 'dev@shop.test', subject: 'Pipeline 8841 passed on main', text: '3 jobs in 4 minutes' },
  { from: 'cron@ops.test', to: 'ops@x.test', subject: '', text: 'backup finished in 41 s, 0 errors' },
  { from: 'Renée Dubois <renee@corp.test>', to: 'lukasz@corp.test', subject: 'Réunion déplacée à jeudi, 10 h', text: 'Bonjour Łukasz' },
  { from: 'Grafana <alerts@grafana.test>', to: 'oncall@shop.test', subject: '[FIRING:1] queue_depth above 500', text: 'Value: 512' },
  { from: 'Winter Shop <shop@winter.test>', to: many, subject: 'Zwölf Ideen für kalte Tage', text: 'Wollsocken, Teelichter und mehr' },
  {
    from: 'Averyveryverylongsendernamewithoutanyspaceatall <long@corp.test>',
    to: 'averyveryverylongrecipientaddressthatgoeson@corp.test',
    subject: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
    text: 'One long word',
  },
  {
    from: 'Orders <orders@shop.test>',
    to: 'kim@gone.test',
    subject: 'Order 10482 has shipped',
    text: 'Hello Kim, your parcel left our house.',
  },
  {
    from: '田中 花子 <hanako@corp.test>',
    to: 'ops@corp.test',
    subject: '【重要】配送先住所の確認のお願い',
    text: '平素より大変お世話になっております',
  },
  { from: 'مكتب الحجوزات <book@travel.test>', to: 'layla@corp.test', subject: 'تأكيد الحجز رقم 4821', text: 'مرحبًا ليلى' },
  {
    from: 'Shop Billing <billing@shop.test>',
    to: 'buchhaltung@kunde.example',
    subject: 'Rechnung 2026-1183 für November',
    text: 'Sehr geehrte Frau Beispiel',
    attachments: [{ filename: 'rechnung.pdf', content: '%PDF-1.4' }],
  },
  {
    from: 'Reset <no-reply@acme.test>',
    to: 'dev@shop.test',
    subject: 'Your one-time code is 774 021',
    text: 'Somebody, we hope you, asked.',
  },
  {
    from: 'Acme Team <hello@acme.test>',
    to: 'Jürgen Müller <jm@shop.test>, second@shop.test',
    bcc: 'boss@shop.test',
    subject: 'Welcome to Acme: confirm your address',
    text: 'Your code is 482913. Confirm at https://app.acme.test/confirm?t=8fKq2w',
    html: WELCOME,
    attachments: [
      { filename: 'terms.pdf', content: '%PDF-1.4' },
      { filename: 'note.txt', content: 'Hello' },
    ],
  },
];

// The ports that everybody meets first, since they are in the pictures.
const rig = await startRig({ smtpPort: 1025, smtpsPort: 1465, httpPort: 8025 });
mkdirSync(folder, { recursive: true });

/** Where they are installed, these stand in for a desktop's own typefaces. */
async function dress(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    const { style } = document.documentElement;
    style.setProperty('--ui', 'Inter, system-ui, sans-serif');
    style.setProperty('--mono', '"JetBrains Mono", ui-monospace, monospace');
  })()`);
  await page.evaluate('document.fonts.ready');
}

async function picture(
  name: string,
  options: BrowserContextOptions,
  reach: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  of = rig,
): Promise<void> {
  const page = await of.open('', { viewport: DESKTOP, ...options });
  if (!options.hasTouch) await live(page).waitFor();
  await reach(page);
  await dress(page);
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled', caret: 'hide' });
  await page.context().close();
}

const open = (subject: string) => async (page: Page) => {
  await rowOf(page, subject).click();
  await page.getByRole('heading', { name: subject }).waitFor();
};
const welcome = async (page: Page): Promise<void> => {
  await rowOf(page, 'Welcome to Acme').click();
  await page.frameLocator('iframe').getByText('Confirm my address').waitFor();
};
const tab = (name: string, sign: string) => async (page: Page) => {
  await welcome(page);
  await page.getByRole('tab', { name }).click();
  await page.getByText(sign).first().waitFor();
};
const at = (place: string, sign: string) => async (page: Page) => {
  await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
  await page.getByText(sign).first().waitFor();
};
/** Answers the list in the server's place. */
const answered = (answer: 'never' | 500) => async (page: Page) => {
  await page.route(/v1\/messages\?/, (route) =>
    answer === 500 ? route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'Something went wrong.' } } }) : undefined,
  );
  await page.reload();
  await (answer === 500 ? page.getByText('The list could not be read') : page.locator('.skeleton').first()).waitFor();
};
const api = (method: string, path: string, body: unknown): Promise<Response> =>
  fetch(new URL(`v1/${path}`, rig.mailrig.url), { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const clients: Client[] = [];
/** A client that says lines, each after the answer to the one before. */
async function say(port: number | null, ends: RegExp, ...lines: string[]): Promise<void> {
  const client = await Client.connect(port ?? 0);
  clients.push(client);
  for (const line of ['', ...lines]) {
    if (line !== '') client.send(`${line}\r\n`);
    for (let said = ''; !ends.test(said);) said = (await client.line()) ?? '250 closed';
  }
  if (lines.at(-1) === 'QUIT') client.end();
}
/** Conversations of each protocol: some over, one that failed, some that go on. */
async function talk(): Promise<void> {
  const { smtp, imap, pop3 } = rig.mailrig.ports;
  const [reply, completion, line] = [/^\d{3} /, /^(?:\+|\* OK|\S OK)/, /./] as const;
  await say(smtp, reply, 'EHLO cron', 'MAIL FROM:<cron@ops.test>', `RCPT TO:<${'a'.repeat(70)}@shop.test>`, 'QUIT');
  await say(smtp, reply, 'QUIT');
  await rig.send({ subject: 'Your parcel', to: 'kim@shop.test' });
  await say(pop3, line, 'USER *', 'PASS x', 'STAT');
  await say(imap, completion, 'a LOGIN jm@shop.test x', 'b SELECT INBOX', 'c FETCH 1 (UID BODY.PEEK[])', 'd IDLE');
  const mail = ['MAIL FROM:<hello@acme.test>', 'RCPT TO:<jm@shop.test>', 'DATA', 'Subject: Thank you for joining Acme\r\n\r\nHi\r\n.'];
  await say(smtp, /^(?:\d{3} |354)/, 'EHLO web-1', ...mail);
}
const sessions = (title: string) => async (page: Page) => {
  await at('#/sessions', 'IDLE, INBOX')(page);
  await rowOf(page, title.replace(/.* /, '')).first().click();
  await page.getByRole('heading', { name: title }).waitFor();
  await page.getByText('Open, waits for the client').waitFor();
};
/** What goes wrong in the pictures: some that hit, one that is off, one that is over. */
const FAULTS = [
  {
    id: 'half',
    on: { stage: 'rcpt' },
    match: { recipient: '*@corp.test' },
    when: { probability: 0.5, seed: 1 },
    do: [{ delay: { min: '150ms', max: '250ms' } }, { reply: '451 4.3.2 busy, try later' }],
  },
  {
    name: 'Greylisted shop',
    on: { stage: 'rcpt' },
    match: { recipient: '*@shop.test' },
    when: { attempts: { first: 2 } },
    do: [{ reply: '450 4.2.0 Greylisted, try again in 300 s' }],
    ttl: '15m',
  },
  { name: 'Lost reply', enabled: false, on: { stage: 'end-of-data' }, when: { probability: 0.1, seed: 7 }, do: [{ acceptThen: 'reset' }] },
  { on: { protocol: 'imap', stage: 'select' }, when: { times: 4 }, do: [{ reply: 'NO [UNAVAILABLE] Try again later' }] },
  { enabled: false, on: { stage: 'mail' }, when: { rate: { over: 30, per: '1m' } }, do: [{ reply: '421 4.7.0 Too many messages' }] },
];
async function fail(): Promise<void> {
  await api('PUT', 'faults', FAULTS);
  await api('PATCH', 'hosts/pop3', { state: 'down' });
  for (let i = 0; i < 12; i++) await rig.send({ to: `user-${i}@corp.test`, subject: 'Again' }).catch(() => undefined);
  await rig.send({ to: 'jm@shop.test', subject: 'Again' }).catch(() => undefined);
  await api('POST', 'clock/advance', { by: '10m' });
}
const openFault = async (page: Page): Promise<void> => {
  await at('#/faults/half', 'Edit rule')(page);
  await page.getByRole('textbox', { name: 'Reply' }).waitFor();
};
const queue = async (page: Page): Promise<void> => {
  await at('#/queue', 'waits')(page);
  for (const nth of [0, 1]) await rowOf(page, 'waits').nth(nth).getByRole('checkbox').click();
  // Other typefaces move the rows.
  await dress(page);
  await rowOf(page, 'waits').nth(3).hover();
};
const delivery =
  (place: string) =>
  async (page: Page): Promise<void> => {
    await at(place, 'your second address')(page);
    await rowOf(page, 'your second address').click();
    await page.getByRole('heading', { name: 'your second address' }).waitFor();
    await page.keyboard.press('8');
    await page.getByRole('region', { name: 'Delivery to jm@shop.test' }).getByText('Try 1').first().waitFor();
  };
const schemes = ['light', 'dark'] as const;
const phone = { viewport: PHONE, hasTouch: true, deviceScaleFactor: 2 };
const narrow = { viewport: { width: 900, height: 700 } };
const light = { colorScheme: 'light' } as const;

await picture('first-run', light);
for (const mail of mails) await rig.send(mail);
await fetch(new URL('v1/messages', rig.mailrig.url), {
  method: 'PATCH',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ q: 'from:grafana OR from:gitlab', set: { read: true, tags: { add: ['ops'] } } }),
});
for (const colorScheme of schemes) {
  await picture(`inbox-${colorScheme}`, { colorScheme }, (page) => rowOf(page, 'Welcome to Acme').waitFor());
  await picture(`message-${colorScheme}`, { colorScheme }, welcome);
  await picture(`narrow-${colorScheme}`, { ...narrow, colorScheme }, welcome);
  await picture(`narrow-inbox-${colorScheme}`, { ...narrow, colorScheme }, (page) => rowOf(page, 'Welcome to Acme').waitFor());
  await picture(`phone-${colorScheme}`, { ...phone, colorScheme }, (page) => rowOf(page, 'Welcome to Acme').waitFor());
  await picture(`phone-message-${colorScheme}`, { ...phone, colorScheme }, welcome);
}
await fetch(new URL('v1/accounts/jm@shop.test/mailboxes/Drafts/messages?flag=%5CDraft', rig.mailrig.url), {
  method: 'POST',
  headers: { 'content-type': 'message/rfc822' },
  body: 'From: jm@shop.test\r\nSubject: Not yet\r\n\r\nHello\r\n',
});
for (const colorScheme of schemes) {
  const place = '#/inbox?account=jm%40shop.test';
  await picture(`account-${colorScheme}`, { colorScheme }, async (page) => {
    await at(place, 'Drafts')(page);
    await rowOf(page, 'Welcome to Acme').click();
    await page.frameLocator('iframe').getByText('Confirm my address').waitFor();
  });
  await picture(`phone-account-${colorScheme}`, { ...phone, colorScheme }, at(place, 'Welcome to Acme'));
}
await picture('transcript', { colorScheme: 'dark' }, tab('Transcript', 'RCPT TO:<jm@shop.test>'));
await picture('headers', light, tab('Headers', 'Message-ID'));
await picture('mime', light, tab('MIME', 'multipart/mixed'));
await picture('attachments', light, tab('Attachments', 'SHA-256'));
await picture('raw', light, tab('Raw', 'MIME-Version'));
await picture('compose', light, async (page) => {
  await welcome(page);
  await page.keyboard.press('r');
  await page.getByRole('dialog').getByText('hello@acme.test').first().waitFor();
});
await picture('settings', light, at('#/settings/appearance', 'Density of the list'));
await picture('keys', light, async (page) => {
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
});
await picture('selection', light, async (page) => {
  await rowOf(page, 'Grafana').hover();
  await page.keyboard.press('j');
  for (const key of ['x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await page.getByText('3 chosen').waitFor();
});
await picture('groups', light, at('#/inbox?sort=from&group=from', 'Acme Team'));
await picture('no-match', light, at('#/inbox?q=from%3Aacme%20subject%3Arechnung', 'No message matches'));
await picture('loading', light, answered('never'));
await picture('error', light, answered(500));
await picture('recipients', light, open('Zwölf Ideen'));
await picture('right-to-left', light, open('تأكيد الحجز'));
await picture('cjk', light, open('【重要】'));
await rig.send({ subject: 'Pneumono'.repeat(625), from: `${'x'.repeat(60)}@${'y'.repeat(60)}.test`, text: 'One word of 5,000 letters' });
await picture('long-word', light, open('Pneumono'));
const line = `${'QUJDREVGR0hJ'.repeat(6)}\r\n`;
await rig.sendRaw(`From: a@b.test\r\nTo: c@d.test\r\nSubject: Fifty megabytes\r\n\r\n${line.repeat(Math.floor(49e6 / line.length))}`);
await picture('large-source', light, async (page) => {
  await open('Fifty megabytes')(page);
  await page.getByRole('tab', { name: 'Raw' }).click();
  await page.getByText('Subject: Fifty megabytes').waitFor();
});
await talk();
for (const colorScheme of schemes) await picture(`sessions-${colorScheme}`, { colorScheme }, sessions('SMTP from web-1'));
await picture('sessions-imap', light, sessions('IMAP from jm@shop.test'));
await picture('sessions-phone', { ...phone, ...light }, at('#/sessions', 'IDLE, INBOX'));
for (const client of clients) client.destroy();
await picture('faults-none', light, async (page) => {
  await at('#/faults', 'Nothing goes wrong yet')(page);
  await page.getByRole('button', { name: /^greylisting/ }).waitFor();
});
await fail();
for (const colorScheme of schemes) await picture(`faults-${colorScheme}`, { colorScheme }, openFault);
await picture('faults-phone', { ...phone, ...light }, at('#/faults', 'Greylisted shop'));
await picture('faults-transcript', light, async (page) => {
  await at('#/sessions?find=fault%3Ahalf', '451 busy')(page);
  await rowOf(page, '451 busy').first().click();
  await page
    .getByRole('group', { name: 'Transcript' })
    .getByRole('link', { name: /^Half of all/ })
    .waitFor();
});
await api('DELETE', 'faults', {});
await api('POST', 'clock/reset', {});
await picture('receivers-none', light, at('#/receivers', 'No receiver is declared'));
await picture('queue-none', light, at('#/queue', 'Nothing is on its way'));
await deliver(rig, { ...mails.at(-1), bcc: undefined, subject: 'Welcome to Acme: your second address' });
for (const colorScheme of schemes) {
  await picture(`receivers-${colorScheme}`, { colorScheme }, at('#/receivers', 'mx2.shop.test'));
  await picture(`queue-${colorScheme}`, { colorScheme }, queue);
  await picture(`delivery-${colorScheme}`, { colorScheme }, delivery('#/inbox'));
}
await picture('receivers-phone', { ...phone, ...light }, at('#/receivers', 'mx2.shop.test'));
await picture('queue-phone', { ...phone, ...light }, at('#/queue', 'waits'));
await picture('delivery-phone', { ...phone, ...light }, delivery('#/inbox?q=subject%3A%22second%20address%22'));
await picture('receivers-error', light, async (page) => {
  await page.route(/v1\/receivers$/, (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'Something went wrong.' } } }),
  );
  await at('#/receivers', 'The receivers could not be read')(page);
});
await api('DELETE', 'faults', {});
for (const domain of ['shop.test', 'corp.test', 'partner.example', 'gone.test', 'slow.test'])
  await api('DELETE', `receivers/${domain}?force=true`, {});
await api('POST', 'clock/reset', {});
await picture('offline', light, async (page) => {
  await welcome(page);
  await page.context().setOffline(true);
  await page.getByText(/^Reconnecting in/).waitFor();
});
await rig.stop();

const full = await startRig({ maxMessages: 3, smtpPort: 1025, smtpsPort: 1465, httpPort: 8025 });
for (const mail of mails.slice(-3)) await full.send(mail);
await fetch(new URL('v1/messages', full.mailrig.url), {
  method: 'PATCH',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ q: '', set: { pinned: true } }),
});
await full.send({ subject: 'No room' }).catch(() => undefined);
await picture('storage-full', light, (page) => page.getByText('Storage full').first().waitFor(), full);
await full.stop();
