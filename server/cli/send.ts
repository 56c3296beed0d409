// `mailrig send`: sends one message, or a stream of them, to any SMTP server.

import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { SendMailOptions, Transporter } from 'nodemailer';
import { stream, summaryLines } from './stream.ts';
import { Failure } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { settings } from '../settings.ts';
import { login, oneOf, port, positive } from '../values.ts';
import type { Kind } from '../values.ts';

/** How nodemailer is told to secure the connection. */
const TLS_MODES = {
  auto: { secure: false },
  none: { secure: false, ignoreTLS: true },
  starttls: { secure: false, requireTLS: true },
  implicit: { secure: true },
} as const;
type TlsMode = keyof typeof TLS_MODES;

export interface SendFlags {
  readonly host: string;
  readonly port?: number;
  readonly tls: TlsMode;
  readonly ca?: string;
  readonly insecure?: true;
  readonly user?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly attach?: readonly string[];
  readonly file?: string;
  readonly count: number;
  readonly concurrency: number;
  readonly rate?: number;
}

const checked =
  <T>({ schema, expects }: Kind<T>) =>
  (value: string): T => {
    const result = schema.safeParse(value);
    if (!result.success) throw new InvalidArgumentError(`Expected ${expects}.`);
    return result.data;
  };

const PER: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `50/s`, `100/m` or `50` → starts per second. */
export function parseRate(text: string): number {
  const [, amount = '', unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(text) ?? [];
  const rate = Number(amount) / (PER[unit] ?? 1);
  if (!(rate > 0)) throw new InvalidArgumentError('Expected a rate such as 50/s or 100/m.');
  return rate;
}

const joined = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

export function addSendOptions(command: Command): Command {
  const group = (heading: string, ...options: Option[]): void => options.forEach((option) => command.addOption(option.helpGroup(heading)));
  group(
    'Where to:',
    new Option('--host <host>', 'SMTP server').default('127.0.0.1'),
    new Option('--port <port>', `its port (${settings.smtpPort.default}, or ${settings.smtpsPort.default} with --tls implicit)`).argParser(
      checked(port),
    ),
    new Option('--tls <mode>', 'auto = STARTTLS where offered')
      .choices(Object.keys(TLS_MODES))
      .argParser(checked(oneOf('auto', 'none', 'starttls', 'implicit')))
      .default('auto'),
    new Option('--ca <file>', 'trust this certificate authority (PEM); without it loopback is not checked, anything else is'),
    new Option('--insecure', 'accept any certificate'),
    new Option('--user <user:password>', 'log in').argParser(checked(login)),
  );
  group(
    'One message ({n} in an address, the subject or the text is its number):',
    new Option('--from <address>', 'sender (app@mailrig.test)'),
    new Option('--to <address>', 'recipient, may be repeated (jo@mailrig.test)').argParser(joined),
    new Option('--subject <text>', 'subject').default('Hello from Mailrig'),
    new Option('--text <text>', 'text; @FILE reads a file').default('This is a test message.'),
    new Option('--html <html>', 'HTML; @FILE reads a file'),
    new Option('--attach <file>', 'attachment, may be repeated').argParser(joined),
    new Option('--file <file>', 'send this .eml file as it is (- = standard input); sender and recipients from its header unless given'),
  );
  group(
    'A stream of them:',
    new Option('--count <number>', 'how many').argParser(checked(positive)).default(1),
    new Option('--concurrency <number>', 'connections').argParser(checked(positive)).default(1),
    new Option('--rate <rate>', 'at most so many, such as 50/s or 100/m').argParser(parseRate),
  );
  return command;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

async function connect(flags: SendFlags): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const { host, tls, ca, insecure = false, user, concurrency } = flags;
  const [name = '', ...password] = user?.split(':') ?? [];
  return createTransport({
    pool: true,
    host,
    port: flags.port ?? (tls === 'implicit' ? settings.smtpsPort.default : settings.smtpPort.default),
    maxConnections: concurrency,
    maxMessages: Infinity,
    disableUrlAccess: true,
    ...TLS_MODES[tls],
    tls: ca === undefined ? { rejectUnauthorized: !(insecure || isLoopback(host)) } : { ca: await readFile(ca) },
    ...(user === undefined ? {} : { auth: { user: name, pass: password.join(':') }, forceAuth: true }),
  });
}

const textOrFile = async (text: string): Promise<string> => (text.startsWith('@') ? await readFile(text.slice(1), 'utf8') : text);

/** A message as it is, with the envelope of its header where the flags give none. */
async function fileMessage({ file = '-', from, to }: SendFlags): Promise<SendMailOptions> {
  const raw = file === '-' ? await buffer(process.stdin) : await readFile(file);
  const { headerFacts } = await import('../mail/facts.ts');
  const { header } = headerFacts(raw);
  const recipients = to ?? [...header.to, ...header.cc, ...header.bcc].map(({ address }) => address);
  if (recipients.length === 0) throw new Failure(`${file}: names no recipient; give one with --to`);
  return { raw, envelope: { from: from ?? header.from[0]?.address ?? '', to: [...recipients] } };
}

async function composed({
  from = 'app@mailrig.test',
  to = ['jo@mailrig.test'],
  subject,
  text,
  html,
  attach = [],
}: SendFlags): Promise<SendMailOptions> {
  return {
    from,
    to: [...to],
    subject,
    text: await textOrFile(text),
    ...(html === undefined ? {} : { html: await textOrFile(html) }),
    attachments: attach.map((path) => ({ filename: basename(path), path })),
  };
}

/** The message with this number: `{n}` is replaced where a person may have written it. */
function numbered(message: SendMailOptions, number: number): SendMailOptions {
  if (message.raw) return message;
  const fill = <T>(value: T): T => (typeof value === 'string' ? (value.replaceAll('{n}', String(number)) as T) : value);
  const filled = Object.entries(message).map(([key, value]) => [
    key,
    Array.isArray(value) ? (value as unknown[]).map(fill) : fill<unknown>(value),
  ]);
  return Object.fromEntries(filled) as SendMailOptions;
}

export async function send(flags: SendFlags, terminal: Terminal): Promise<void> {
  const message = await (flags.file === undefined ? composed(flags) : fileMessage(flags));
  const transport = await connect(flags);
  let stopped = false;
  void terminal.interrupted().then(() => (stopped = true));
  let answer = '';
  try {
    const summary = await stream({
      count: flags.count,
      concurrency: flags.concurrency,
      rate: flags.rate ?? null,
      stopped: () => stopped,
      send: async (number) => {
        const info: { response?: string | undefined; messageSize?: number | undefined } = await transport.sendMail(
          numbered(message, number),
        );
        answer = info.response ?? answer;
        return info.messageSize ?? 0;
      },
    });
    if (flags.count === 1 && summary.sent === 1) terminal.print(answer);
    for (const line of summaryLines(summary)) terminal.print(line);
    if (summary.failed > 0) throw new Failure(`${summary.failed} of ${summary.sent + summary.failed} could not be sent`);
  } finally {
    transport.close();
  }
}
