// What an IMAP client knows of a mailbox, made of the replies it got and nothing else; objects to what may not be said.

import { expect } from 'vitest';
import { inSet, parseSet } from '../../../server/imap/syntax/sequence-set.ts';

export interface Pictured {
  uid: number | null;
  flags: string[] | null;
  modseq: number | null;
}

const NUMBERS_STAY = /^(STORE|FETCH|SEARCH)/;

const flagsIn = (line: string): string[] | null => {
  const [, list] = /FLAGS \(([^)]*)\)/.exec(line) ?? [];
  return list === undefined ? null : list.split(' ').filter((flag) => flag !== '' && flag !== '\\Recent');
};

const numberIn = (line: string, pattern: RegExp): number | null => {
  const [, digits] = pattern.exec(line) ?? [];
  return digits === undefined ? null : Number(digits);
};

export class Picture {
  messages: Pictured[] = [];
  uidValidity = 0;
  /** With which a client with QRESYNC would come back. */
  modseq = 0;
  /** UIDs that are said to be gone. */
  readonly gone = new Set<number>();
  /** Whose flags were told during the command. */
  readonly told = new Set<Pictured>();
  #command = '';
  #modseq = 0;
  /** How many there are in the mailbox that is being selected. */
  #opening: number | null = null;

  get uids(): number[] {
    return this.messages.flatMap(({ uid }) => uid ?? []);
  }

  begin(command: string): void {
    this.#command = command;
    this.#modseq = this.modseq;
    this.told.clear();
  }

  /** A mailbox is being selected, of which the client knows that much. */
  open(known: readonly Pictured[]): void {
    this.messages = known.filter(({ uid }) => uid !== null);
    this.#opening = 0;
  }

  /** The command is completed: what was told with it is whole. */
  end(completion: string): void {
    this.#settle();
    this.#code(completion);
    this.modseq = this.#modseq;
  }

  /** One untagged reply. */
  take(line: string): void {
    const [, number, what] = /^\* (\d+) (EXISTS|EXPUNGE|FETCH)/.exec(line) ?? [];
    const earlier = /^\* VANISHED \(EARLIER\) (\S+)$/.exec(line)?.[1];
    if (earlier !== undefined) return this.#vanish(earlier, true);
    const set = /^\* VANISHED (\S+)$/.exec(line)?.[1];
    if (set !== undefined) this.#vanish(set, false);
    else if (what === 'EXISTS') this.#exists(Number(number));
    else if (what === 'EXPUNGE') this.#expunge(Number(number), line);
    else if (what === 'FETCH') this.#fetch(Number(number), line);
    else this.#code(line);
  }

  #code(line: string): void {
    this.uidValidity = numberIn(line, /\[UIDVALIDITY (\d+)\]/) ?? this.uidValidity;
    const highest = numberIn(line, /\[HIGHESTMODSEQ (\d+)\]/);
    if (highest === null) return;
    expect(highest, `${this.#command}: ${line} goes back beyond what the client knows`).toBeGreaterThanOrEqual(this.modseq);
    this.#modseq = highest;
  }

  /** What is gone is said before what has changed (RFC 7162 §3.2.6): from here on the numbers are those of the mailbox. */
  #settle(): void {
    if (this.#opening === null) return;
    const count = this.#opening;
    this.#opening = null;
    expect(this.messages.length, `${this.#command}: more are known than there are`).toBeLessThanOrEqual(count);
    this.#grow(count);
  }

  #grow(count: number): void {
    while (this.messages.length < count) this.messages.push({ uid: null, flags: null, modseq: null });
  }

  #exists(count: number): void {
    if (this.#opening === 0) this.#opening = count;
    else {
      this.#settle();
      expect(count, this.#command).toBeGreaterThanOrEqual(this.messages.length);
      this.#grow(count);
    }
  }

  #expunge(number: number, line: string): void {
    this.#settle();
    expect(this.#command, 'no removal while message numbers are in use').not.toMatch(NUMBERS_STAY);
    const message = this.messages[number - 1];
    if (!message) throw new Error(`${this.#command}: ${line} of ${this.messages.length}`);
    if (message.uid !== null) this.gone.add(message.uid);
    this.messages.splice(number - 1, 1);
  }

  #fetch(number: number, line: string): void {
    this.#settle();
    const message = this.messages[number - 1];
    if (!message) throw new Error(`${this.#command}: ${line} of ${this.messages.length}`);
    const uid = numberIn(line, /UID (\d+)/);
    if (uid !== null) {
      if (message.uid !== null) expect(message.uid, `${this.#command}: ${line}`).toBe(uid);
      expect(this.gone.has(uid), `${line}: it was gone`).toBe(false);
      message.uid = uid;
    }
    const flags = flagsIn(line);
    if (flags) {
      message.flags = flags;
      this.told.add(message);
    }
    const modseq = numberIn(line, /MODSEQ \((\d+)\)/);
    if (modseq === null) return;
    expect(modseq, `${this.#command}: ${line} goes back`).toBeGreaterThanOrEqual(message.modseq ?? 1);
    message.modseq = modseq;
    this.#modseq = Math.max(this.#modseq, modseq);
  }

  #vanish(set: string, earlier: boolean): void {
    if (!earlier) {
      this.#settle();
      expect(this.#command, 'no removal while message numbers are in use').not.toMatch(NUMBERS_STAY);
    }
    const ranges = parseSet(set, 0) ?? [];
    const known = new Set(this.uids);
    this.messages = this.messages.filter(({ uid }) => uid === null || !inSet(ranges, uid));
    for (const { first, last } of ranges) {
      for (let uid = first; uid <= last; uid++) {
        this.gone.add(uid);
        if (!known.has(uid) && !earlier) this.#vanishUnknown(uid);
      }
    }
  }

  /** It is one of those between its neighbours whose UIDs the client has not learnt. */
  #vanishUnknown(uid: number): void {
    const after = this.messages.findIndex((message) => message.uid !== null && message.uid > uid);
    const at = (after < 0 ? this.messages.length : after) - 1;
    expect(this.messages[at], `${this.#command}: ${uid} vanished and was never there`).toMatchObject({ uid: null });
    this.messages.splice(at, 1);
  }
}
