// A POP3 client of the model's mailbox: what it was told at its login stays as it is until it leaves.

import { expect } from 'vitest';
import { Client } from '../../conversations/client.ts';
import type { Pick } from './model-steps.ts';
import { one } from './model-steps.ts';

/** Logins in a row that find the maildrop still in the hands of a connection that was lost. */
const PATIENCE = 100;

export class ModelMaildrop {
  readonly #port: number;
  readonly #user: string;
  readonly #note: (text: string) => void;
  #client: Client | null = null;
  #tries = 0;
  /** Unique ids as listed first, message 1 in front. */
  ids: readonly string[] = [];
  #sizes: readonly number[] | null = null;
  /** Message numbers. */
  readonly deleted = new Set<number>();

  constructor(port: number, user: string, note: (text: string) => void) {
    this.#port = port;
    this.#user = user;
    this.#note = (text) => note(`pop3: ${text}`);
  }

  get isOpen(): boolean {
    return this.#client !== null;
  }

  async ask(line: string): Promise<string> {
    this.#note(line);
    this.#client?.send(`${line}\r\n`);
    const answer = (await this.#client?.line()) ?? '(closed)';
    this.#note(`   ${answer}`);
    return answer;
  }

  /** The lines after `+OK`, as they were before dots were doubled. */
  async #lines(): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = (await this.#client?.line()) ?? '.';
      if (line === '.') return lines;
      lines.push(line.replace(/^\.\./, '.'));
    }
  }

  async #list(command: string): Promise<string[]> {
    expect(await this.ask(command)).toMatch(/^\+OK/);
    return this.#lines();
  }

  /** False where another session has it. */
  async enter(): Promise<boolean> {
    this.#client = await Client.connect(this.#port);
    await this.#client.line();
    await this.ask(`USER ${this.#user}`);
    const answer = await this.ask('PASS x');
    if (!answer.startsWith('+OK')) {
      expect(answer).toMatch(/^-ERR \[IN-USE\]/);
      expect(++this.#tries, 'a maildrop stays locked').toBeLessThan(PATIENCE);
      this.lose();
      return false;
    }
    this.#tries = 0;
    this.#sizes = null;
    this.deleted.clear();
    const lines = await this.#list('UIDL');
    this.ids = lines.map((line) => line.split(' ')[1] ?? '');
    expect(lines).toEqual(this.ids.map((id, i) => `${i + 1} ${id}`));
    return true;
  }

  /** The numbers that it still has. */
  get #left(): number[] {
    return this.ids.map((_, i) => i + 1).filter((number) => !this.deleted.has(number));
  }

  /** Nothing that others do changes what is listed. */
  async isFrozen(): Promise<void> {
    expect(await this.#list('UIDL')).toEqual(this.#left.map((number) => `${number} ${this.ids[number - 1] ?? ''}`));
    const listed = (await this.#list('LIST')).map((line) => line.split(' ').map(Number) as [number, number]);
    expect(listed.map(([number]) => number)).toEqual(this.#left);
    const sizes = new Map(listed);
    this.#sizes ??= this.ids.map((_, i) => sizes.get(i + 1) ?? -1);
    for (const [number, size] of listed) if (this.#sizes[number - 1] !== -1) expect(size).toBe(this.#sizes[number - 1]);
    const octets = listed.reduce((sum, [, size]) => sum + size, 0);
    expect(await this.ask('STAT')).toBe(`+OK ${listed.length} ${octets}`);
  }

  /** Gone before the session's end, or sent with as many octets as it is listed with. */
  async #retrieve(number: number): Promise<void> {
    const listed = await this.ask(`LIST ${number}`);
    const answer = await this.ask(`RETR ${number}`);
    if (this.deleted.has(number)) expect(answer).toMatch(/^-ERR/);
    if (answer.startsWith('-ERR')) return;
    const octets = (await this.#lines()).reduce((sum, line) => sum + line.length + 2, 0);
    expect(listed).toBe(`+OK ${number} ${octets}`);
  }

  async step(pick: Pick): Promise<void> {
    if (!this.isOpen) return void (await this.enter());
    const number = 1 + pick(this.ids.length);
    const steps: readonly (() => Promise<unknown>)[] = [
      () => this.isFrozen(),
      () => this.ask('NOOP'),
      () => this.quit(),
      async () => this.lose(),
      ...(this.ids.length === 0 ? [] : [() => this.#retrieve(number), () => this.#retrieve(number), () => this.#dele(number)]),
      () => this.#rset(),
    ];
    await one(pick, steps)();
  }

  async #dele(number: number): Promise<void> {
    expect(await this.ask(`DELE ${number}`)).toMatch(this.deleted.has(number) ? /^-ERR/ : /^\+OK/);
    this.deleted.add(number);
  }

  async #rset(): Promise<void> {
    expect(await this.ask('RSET')).toMatch(/^\+OK/);
    this.deleted.clear();
  }

  /** Answers the unique ids that are removed now. */
  async quit(): Promise<readonly string[]> {
    const removed = [...this.deleted].map((number) => this.ids[number - 1] ?? '');
    expect(await this.ask('QUIT')).toBe('+OK Bye');
    this.lose();
    return removed;
  }

  /** The connection is gone without a QUIT. */
  lose(): void {
    this.#note('(gone)');
    this.#client?.destroy();
    this.#client = null;
    this.deleted.clear();
  }
}
