// An IMAP client that keeps its own picture of INBOX, as a mail program does, and comes back to it after a lost connection.

import { expect } from 'vitest';
import { inSet, parseSet } from '../../../server/imap/syntax/sequence-set.ts';
import { Client } from '../../conversations/client.ts';
import { Picture } from './model-picture.ts';

export type Mode = '+' | '-' | '';
export type Kind = 'plain' | 'condstore' | 'qresync' | 'rev2';

/** Before the mailbox is selected. */
const ENABLES: Readonly<Record<Kind, string | null>> = {
  plain: null,
  condstore: null,
  qresync: 'ENABLE QRESYNC',
  rev2: 'ENABLE IMAP4rev2 CONDSTORE',
};

export interface ModelClientOptions {
  readonly port: number;
  readonly user: string;
  readonly kind: Kind;
  /** Told of every command and every reply. */
  readonly note: (text: string) => void;
}

export class ModelClient {
  readonly kind: Kind;
  picture = new Picture();
  readOnly = false;
  readonly #options: ModelClientOptions;
  #client: Client;
  #tag = 0;

  private constructor(options: ModelClientOptions, client: Client) {
    this.#options = options;
    this.#client = client;
    this.kind = options.kind;
  }

  static async open(options: ModelClientOptions): Promise<ModelClient> {
    const model = new ModelClient(options, await Client.connect(options.port));
    await model.#enter();
    await model.select();
    return model;
  }

  get condstore(): boolean {
    return this.kind !== 'plain';
  }

  async #enter(): Promise<void> {
    await this.#client.line();
    expect(await this.ask(`LOGIN ${this.#options.user} x`)).toMatch(/^OK/);
    const enable = ENABLES[this.kind];
    if (enable !== null) await this.ask(enable);
  }

  /** Selects INBOX as if for the first time, or again with what is known of it. */
  async select({ readOnly = false, resume = false } = {}): Promise<void> {
    const { uidValidity, modseq, uids, messages } = this.picture;
    const known = uids.length > 0 && uids.length % 2 === 0 ? ` 1:${uids.at(-1) ?? 1}` : '';
    const resync = resume && this.kind === 'qresync' && modseq > 0;
    if (resync) this.picture.open(messages);
    else {
      this.picture = new Picture();
      this.picture.open([]);
    }
    const parameter = resync ? ` (QRESYNC (${uidValidity} ${modseq}${known}))` : this.kind === 'condstore' ? ' (CONDSTORE)' : '';
    this.readOnly = readOnly;
    expect(await this.ask(`${readOnly ? 'EXAMINE' : 'SELECT'} INBOX${parameter}`)).toMatch(/^OK/);
    await this.learn();
  }

  /** The connection is lost, perhaps with a command under way; the client comes back. */
  async lose(command: string): Promise<void> {
    this.#options.note(`${this.kind}: lost at ${command}`);
    if (command !== '') this.#client.send(`x ${command}\r\n`);
    this.#client.destroy();
    this.#client = await Client.connect(this.#options.port);
    await this.#enter();
    await this.select({ resume: true });
  }

  close(): void {
    this.#client.destroy();
  }

  /** Sends a command, takes in what is told, answers the completion without its tag. IDLE goes on `until` then. */
  async ask(command: string, until: Promise<unknown> = Promise.resolve()): Promise<string> {
    const tag = `t${++this.#tag}`;
    this.#options.note(`${this.kind}: ${command}`);
    this.picture.begin(command);
    this.#client.send(`${tag} ${command}\r\n`);
    for (;;) {
      const line = await this.#client.line();
      if (line === null) throw new Error(`closed after ${command}`);
      this.#options.note(`${this.kind}:    ${line}`);
      if (line.startsWith(`${tag} `)) {
        const completion = line.slice(tag.length + 1);
        this.picture.end(completion);
        return completion;
      }
      if (line.startsWith('+ ')) {
        await until;
        this.#client.send('DONE\r\n');
      } else this.picture.take(await this.#whole(line));
    }
  }

  /** The line with all that follows its literals, without them. */
  async #whole(line: string): Promise<string> {
    const [marker, size] = /\{(\d+)\}$/.exec(line) ?? [];
    if (marker === undefined) return line;
    let text = '';
    while (text.length < Number(size)) text += `${await this.#client.line()}\r\n`;
    // What is left of its last line goes on after it; where nothing is, the next line does.
    const rest = text.slice(Number(size)).replace(/\r\n$/, '');
    return this.#whole(line.slice(0, -marker.length) + (rest || ((await this.#client.line()) ?? '')));
  }

  /** Asks for what it does not know of the last ones. */
  async learn(): Promise<void> {
    const unknown = this.picture.messages.findIndex(
      ({ uid, flags, modseq }) => uid === null || flags === null || (this.condstore && modseq === null),
    );
    if (unknown >= 0) await this.refresh(unknown + 1);
  }

  /** Asks for the UIDs and flags from a message number on. */
  async refresh(from: number): Promise<void> {
    if (from > this.picture.messages.length) return;
    expect(await this.ask(`FETCH ${from}:* (UID FLAGS${this.condstore ? ' MODSEQ' : ''})`)).toMatch(/^OK/);
  }

  /** Without an answer to it, the client takes it that its flags are stored; what it is told instead comes after that. */
  async storeSilently(numbers: readonly number[], mode: Mode, flag: string, condition = ''): Promise<void> {
    const touched = numbers.map((number) => ({ number, message: this.picture.messages[number - 1] }));
    const completion = await this.ask(`STORE ${numbers.join(',')} ${condition}${mode}FLAGS.SILENT (${flag})`);
    if (!/^(OK|NO \[EXPUNGEISSUED\])/.test(completion)) return;
    const modified = parseSet(/\[MODIFIED (\S+)\]/.exec(completion)?.[1] ?? '', 0) ?? [];
    for (const { number, message } of touched) {
      if (!message?.flags || this.picture.told.has(message) || inSet(modified, number)) continue;
      const others = message.flags.filter((each) => each !== flag);
      message.flags = mode === '' ? [flag] : mode === '+' ? [...others, flag] : others;
    }
  }
}
