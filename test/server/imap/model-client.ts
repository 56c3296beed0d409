// A client that keeps its own picture of a mailbox from what it is told, as a mail program does, and objects to what may not be said.

import { expect } from 'vitest';
import { inSet, parseSet } from '../../../server/imap/syntax/sequence-set.ts';
import { Client } from '../../conversations/client.ts';

export interface Pictured {
  uid: number | null;
  flags: string[] | null;
}

export type Mode = '+' | '-' | '';

const flagsIn = (line: string): string[] | null => {
  const [, list] = /FLAGS \(([^)]*)\)/.exec(line) ?? [];
  return list === undefined ? null : list.split(' ').filter((flag) => flag !== '' && flag !== '\\Recent');
};

export class ModelClient {
  readonly #client: Client;
  #tag = 0;
  messages: Pictured[] = [];

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(port: number, ...commands: readonly string[]): Promise<ModelClient> {
    const model = new ModelClient(await Client.connect(port));
    await model.#client.line();
    for (const command of ['LOGIN jo@shop.test x', ...commands]) await model.ask(command);
    await model.refresh(1);
    return model;
  }

  close(): void {
    this.#client.end();
  }

  /** Sends a command, takes in what is told, answers the completion without its tag. */
  async ask(command: string): Promise<string> {
    const tag = `t${++this.#tag}`;
    this.#client.send(`${tag} ${command}\r\n`);
    for (;;) {
      const line = await this.#client.line();
      if (line === null) throw new Error(`closed after ${command}`);
      if (line.startsWith(`${tag} `)) return line.slice(tag.length + 1);
      if (line.startsWith('+ ')) this.#client.send('DONE\r\n');
      else this.#take(await this.#whole(line), command);
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

  #take(line: string, command: string): void {
    const [, number, what] = /^\* (\d+) (EXISTS|EXPUNGE|FETCH)/.exec(line) ?? [];
    const n = Number(number);
    if (what === 'EXISTS') {
      expect(n, command).toBeGreaterThanOrEqual(this.messages.length);
      while (this.messages.length < n) this.messages.push({ uid: null, flags: null });
    } else if (what === 'EXPUNGE') {
      expect(command, 'no removal while message numbers are in use').not.toMatch(/^(STORE|FETCH|SEARCH)/);
      expect(this.messages.length, `${command}: ${line}`).toBeGreaterThanOrEqual(n);
      this.messages.splice(n - 1, 1);
    } else if (what === 'FETCH') {
      const message = this.messages[n - 1];
      if (!message) throw new Error(`${line} of ${this.messages.length}`);
      const uid = /UID (\d+)/.exec(line)?.[1];
      if (uid !== undefined) {
        if (message.uid !== null) expect(message.uid, line).toBe(Number(uid));
        message.uid = Number(uid);
      }
      message.flags = flagsIn(line) ?? message.flags;
    } else this.#vanish(/^\* VANISHED (\S+)$/.exec(line)?.[1], command);
  }

  #vanish(set: string | undefined, command: string): void {
    if (set === undefined) return;
    expect(command, 'no removal while message numbers are in use').not.toMatch(/^(STORE|FETCH|SEARCH)/);
    const ranges = parseSet(set, 0) ?? [];
    const count = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    const known = this.messages.filter(({ uid }) => uid === null || !inSet(ranges, uid));
    // The others are among those whose UIDs it has not asked for yet.
    const unknown = count - (this.messages.length - known.length);
    expect(known.slice(known.length - unknown).every(({ uid }) => uid === null)).toBe(true);
    this.messages = unknown > 0 ? known.slice(0, -unknown) : known;
  }

  /** Asks for the UIDs that it does not know: the last ones. A client with QRESYNC has to, since removals are told by UID. */
  async learn(): Promise<void> {
    const unknown = this.messages.findIndex(({ uid }) => uid === null);
    if (unknown >= 0) await this.refresh(unknown + 1);
  }

  /** Asks for the UIDs and flags from a message number on. */
  async refresh(from: number): Promise<void> {
    if (from <= this.messages.length) expect(await this.ask(`FETCH ${from}:* (UID FLAGS)`)).toMatch(/^OK/);
  }

  /** Without an answer to it, the client takes it that its flags are stored. */
  async storeSilently(numbers: readonly number[], mode: Mode, flag: string): Promise<void> {
    const touched = numbers.map((number) => this.messages[number - 1]);
    // What it is told in the meantime counts with its own change done before.
    for (const message of touched) {
      if (!message?.flags) continue;
      const others = message.flags.filter((each) => each !== flag);
      message.flags = mode === '' ? [flag] : mode === '+' ? [...others, flag] : others;
    }
    await this.ask(`STORE ${numbers.join(',')} ${mode}FLAGS.SILENT (${flag})`);
  }
}
