// Takes the pictures of the README: `npx vite build && npx tsx test/browser/pictures.ts` writes fixtures/pictures/*.png.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { SendMailOptions } from 'nodemailer';
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

async function picture(name: string, options: BrowserContextOptions, reach: (page: Page) => Promise<unknown> = () => Promise.resolve()) {
  const page = await rig.open('', { viewport: DESKTOP, ...options });
  if (!options.hasTouch) await live(page).waitFor();
  await reach(page);
  // Where they are installed, these stand in for a desktop's own typefaces.
  await page.evaluate(`(() => {
    const { style } = document.documentElement;
    style.setProperty('--ui', 'Inter, system-ui, sans-serif');
    style.setProperty('--mono', '"JetBrains Mono", ui-monospace, monospace');
  })()`);
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled', caret: 'hide' });
  await page.context().close();
}

const welcome = async (page: Page): Promise<void> => {
  await rowOf(page, 'Welcome to Acme').click();
  await page.frameLocator('iframe').getByText('Confirm my address').waitFor();
  await page.getByRole('region', { name: 'Message' }).getByRole('button', { name: 'Star' }).waitFor();
};
const phone = { viewport: PHONE, hasTouch: true, deviceScaleFactor: 2 };

await picture('first-run', { colorScheme: 'light' });
for (const mail of mails) await rig.send(mail);
for (const colorScheme of ['light', 'dark'] as const) {
  await picture(`inbox-${colorScheme}`, { colorScheme }, (page) => rowOf(page, 'Welcome to Acme').waitFor());
  await picture(`message-${colorScheme}`, { colorScheme }, async (page) => {
    await welcome(page);
    await page.getByRole('radio', { name: '480' }).click();
  });
}
await picture('transcript', { colorScheme: 'dark' }, async (page) => {
  await welcome(page);
  await page.getByRole('tab', { name: 'Transcript' }).click();
  await page.getByText('RCPT TO:<jm@shop.test>').waitFor();
});
await picture('narrow', { colorScheme: 'light', viewport: { width: 900, height: 700 } }, welcome);
await picture('no-match', { colorScheme: 'light' }, async (page) => {
  await page.getByLabel('Search messages').fill('from:nobody has:attachment');
  await page.getByText('No message matches').waitFor();
});
await picture('phone', { ...phone, colorScheme: 'light' }, (page) => rowOf(page, 'Welcome to Acme').waitFor());
await picture('phone-message', { ...phone, colorScheme: 'dark' }, welcome);
await rig.stop();
