// What stands in place of the inbox before the first message.

import { text as shared } from './servers.ts';

export const text = {
  waiting: 'Waiting for your first message',
  waitingAgain: 'The inbox is empty',
  sendTo: 'Send to',
  sendToRest: 'Any user, any password, any address: nothing leaves this machine.',
  sendTest: 'Send a test message',
  snippet: 'nodemailer',
  nothingArrives: 'Nothing arrives?',
  troubles: [
    ['Connection refused', 'Wrong port, or the server listens on another address'],
    ['Times out', 'Another network: from a container try host.docker.internal'],
    ['TLS error', 'Trust the certificate of this server, or send without TLS'],
  ] as const,
  testMessage: {
    from: 'Mailrig <hello@mailrig.test>',
    to: 'you@example.test',
    subject: 'It works: your first message',
    text: 'This message went through the SMTP door like any other.\n\nYour one-time code is 482913.\nConfirm it at https://example.test/confirm?code=482913\n',
    html: '<!doctype html><html lang="en"><head><meta name="color-scheme" content="light dark"></head><body style="font:15px/23px sans-serif;margin:0"><div style="background:#12343b;color:#fff;padding:16px 28px;font-weight:700">Mailrig</div><div style="padding:20px 28px"><h1 style="font-size:21px;line-height:28px;margin:0 0 8px">It works</h1><p>This message went through the SMTP door like any other.</p><p style="font:700 26px/56px monospace;letter-spacing:.2em;background:#eef4f3;color:#12343b;text-align:center">482913</p><p><a href="https://example.test/confirm?code=482913">Confirm your address</a></p></div></body></html>',
  },
  // Last, so that no name of its own can take the place of a shared one.
  ...shared,
} as const;
