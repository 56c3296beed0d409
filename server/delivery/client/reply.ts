// Replies of an SMTP server, read line by line as leniently as the large senders do (RFC 5321 §4.2).

export interface Reply {
  readonly code: number;
  /** As it was said (RFC 2034). */
  readonly enhanced: string | null;
  /** Of all lines, each without its codes, by LF. */
  readonly text: string;
}

/** Octets of a line with its end; RFC 5321 §4.5.3.1.5 wants 512, servers say more. */
export const MAX_REPLY_LINE = 2_048;
/** Those without a code count too. */
export const MAX_REPLY_LINES = 200;
/** Characters that are kept of all lines together. */
export const MAX_REPLY_TEXT = 4_000;

const LINE = /^(\d{3})(?:([ -])(.*))?$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?: |$)/;

// Octets are read as one character each; what is no UTF-8 stays so.
const utf8 = (text: string): string => (/[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString() : text);
const printable = (text: string): string => utf8(text).replace(/[\x00-\x1f\x7f]/g, '?');

/** Takes lines until they make a reply. */
export class ReplyReader {
  #enhanced: string | null = null;
  readonly #texts: string[] = [];
  #kept = 0;
  #lines = 0;

  /** Something of the reply has come. */
  get begun(): boolean {
    return this.#lines > 0;
  }

  /**
   * Null until it is whole, and `endless` where it has too many lines. A line without a code is passed over, as Postfix does:
   * what comes next is the reply.
   */
  take(line: string): Reply | 'endless' | null {
    this.#lines++;
    const [, code, mark, text = ''] = LINE.exec(line) ?? [];
    if (code === undefined) return this.#lines < MAX_REPLY_LINES ? null : 'endless';
    const [all = '', enhanced] = ENHANCED.exec(text) ?? [];
    if (enhanced !== undefined) this.#enhanced ??= enhanced;
    this.#keep(text.slice(all.length));
    if (mark === '-') return this.#lines < MAX_REPLY_LINES ? null : 'endless';
    return { code: Number(code), enhanced: this.#enhanced, text: this.#texts.join('\n') };
  }

  #keep(text: string): void {
    const kept = text.slice(0, MAX_REPLY_TEXT - this.#kept);
    this.#kept += kept.length;
    if (kept !== '' || text === '') this.#texts.push(printable(kept));
  }
}
