// What every browser test stands on: a running Mailrig, a Chromium that looks at it, and mail to send.

import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import nodemailer from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import { createMailrig } from '../../server/app.ts';
import type { Mailrig, MailrigOptions } from '../../server/app.ts';
import { findBrowser } from './chrome.ts';

const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESKTOP = { width: 1360, height: 860 };
export const PHONE = { width: 390, height: 844 };

export interface Rig {
  readonly mailrig: Mailrig;
  readonly browser: Browser;
  /** A page of its own context, at a place like `#/inbox`. Problems that the page reports are in `problems`. */
  open(place?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Errors of the page: exceptions, and whatever its Content-Security-Policy refused. */
  readonly problems: string[];
  closePages(): Promise<void>;
  send(mail: SendMailOptions): Promise<void>;
  /** Sends a message as it stands. */
  sendRaw(raw: string | Buffer, to?: string): Promise<void>;
  stop(): Promise<void>;
}

/** Only what the page itself did wrong; an answer of 4xx, which also refuses to be framed, is the business of the test. */
const isProblem = (text: string): boolean =>
  /Content Security Policy|Trusted ?Type|Refused to/i.test(text) && !text.includes('frame-ancestors');

/** `more`: further arguments of the browser. */
export async function startRig(options: MailrigOptions = {}, more: readonly string[] = []): Promise<Rig> {
  const mailrig = createMailrig({ logLevel: 'silent', ...options });
  await mailrig.start();
  const { executablePath, env } = await findBrowser();
  const browser = await chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: [...ARGUMENTS, ...more],
  });
  const problems: string[] = [];
  const contexts: BrowserContext[] = [];

  const post = async (mail: SendMailOptions): Promise<void> => {
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: mailrig.ports.smtp ?? 0, ignoreTLS: true });
    await transport.sendMail(mail);
    transport.close();
  };

  const closePages = async (): Promise<void> => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  };

  return {
    mailrig,
    closePages,
    browser,
    problems,
    async open(place = '', contextOptions = {}) {
      const context = await browser.newContext({ viewport: DESKTOP, ...contextOptions });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
      page.on('console', (message) => {
        if (isProblem(message.text())) problems.push(message.text());
      });
      await page.goto(mailrig.url + place);
      return page;
    },
    send: (mail) => post({ from: 'Acme Team <hello@acme.test>', to: 'jm@shop.test', ...mail }),
    sendRaw: (raw, to = 'jm@shop.test') => post({ envelope: { from: 'hello@acme.test', to }, raw }),
    async stop() {
      await closePages();
      await browser.close();
      await mailrig.stop();
    },
  };
}

/** The row of a message, found by what it says. */
export const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

export const live = (page: Page) => page.getByText('Live', { exact: true });
