// One client's connection: lines and octets pulled as the protocol wants them, replies written in batches, TLS, time-outs.

import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { sendAtEndOfTurn } from './batch.ts';
import { compressed } from './compressed.ts';
import { LINGER } from './connection-options.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { DottedReader } from './dotted.ts';
import type { Sink } from './dotted.ts';
import { ConnectionEnded, LineTooLong } from './ended.ts';
import type { EndReason } from './ended.ts';
import { feed } from './feed.ts';
import type { Intake } from './feed.ts';
import type { Flaw } from './certificates.ts';
import { beginHandshake } from './handshake.ts';
import { Input } from './input.ts';
import type { LiveSession } from './live-session.ts';
import { Output } from './output.ts';
import { Pending } from './pending.ts';
import { asIs, shownLine } from './shown.ts';
import type { Shown } from './shown.ts';
import { createWatch } from './watch.ts';
import type { Watch } from './watch.ts';

/** Octets read ahead of the protocol, and octets of answers kept back: beyond them the client has to wait. */
const HIGH_WATER = 64 * 1024;

export class Connection {
  readonly session: LiveSession;
  readonly remoteAddress: string;
  readonly out = new Output();
  compressed = false;
  /** What slows down the reading of a message, or ends it. */
  intake: Intake | null = null;
  readonly #options: ConnectionOptions;
  readonly #tcp: Socket;
  readonly #input = new Input();
  readonly #watch: Watch;
  readonly #whenClosed: Promise<void>;
  #socket: Duplex;
  #secure = false;
  #paused = false;
  #ended: EndReason | null = null;
  /** The client has closed its side: what it sent before still counts, and it may be waiting for answers. */
  #finished = false;
  /** Set when the session is to end at the next place where it waits for a command. */
  #leaving: 'shutdown' | null = null;
  #idle = false;
  /** A line may be here, but answers had to leave before it was read. */
  #held = false;
  readonly #pending = new Pending();
  #deaf = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#options = options;
    this.#tcp = socket;
    this.#socket = socket;
    this.session = options.session;
    this.remoteAddress = options.client.address;
    if (options.early !== undefined && options.early.length > 0) this.#input.push(options.early);
    this.#watch = createWatch(options.idleTimeout, () => this.#end('timeout'));
    this.#whenClosed = new Promise((resolve) => socket.once('close', () => resolve()));
    this.#listen(socket);
  }

  report(error: unknown): void {
    this.#options.report(error);
  }

  get secure(): boolean {
    return this.#secure;
  }

  get canStartTls(): boolean {
    return this.#options.secureContext !== null && !this.secure;
  }

  /** TLS comes first here: nothing can be said before the handshake. */
  get awaitsTls(): boolean {
    return this.#options.implicitTls && !this.#secure;
  }

  get bareLf(): boolean {
    return this.#input.bareLf;
  }

  #listen(socket: Duplex): void {
    socket.on('data', this.#onData).on('end', this.#onFinish).on('drain', this.#onDrain);
    socket.on('close', this.#onGone).on('error', this.#onGone);
  }

  #leave(socket: Duplex): void {
    socket.off('data', this.#onData).off('end', this.#onFinish).off('drain', this.#onDrain);
    this.#paused = false;
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#ended !== null) return;
    this.session.touch();
    this.#input.push(chunk);
    if (this.#pending.waits && !this.full && !this.#deaf) this.#pending.resume();
    else if (this.#input.length > HIGH_WATER) {
      this.#paused = true;
      this.#socket.pause();
    }
  };

  readonly #onFinish = (): void => {
    this.#finished = true;
    if (this.#pending.waits && !this.full) this.#end('client');
  };

  readonly #onGone = (): void => this.#end('client');

  readonly #onDrain = (): void => this.#pending.resume();

  #end(reason: EndReason): void {
    this.#ended ??= reason;
    this.#pending.fail(new ConnectionEnded(this.#ended));
  }

  /** So much is unsent that whoever has more to say should `flush` first; the client gets no further command read until it reads. */
  get full(): boolean {
    return this.out.length > HIGH_WATER || this.#socket.writableNeedDrain;
  }

  /** Has whoever waits in `more` look around, as if input had come: something else has happened. */
  wake(): void {
    if (!this.full) this.#pending.resume();
  }

  /** Ends the session: at once, or with `shutdown` as soon as it waits for a command outside a transaction. */
  interrupt(reason: 'shutdown' | 'closed'): void {
    if (reason === 'closed' || (this.#idle && this.#pending.waits)) this.#end(reason);
    else this.#leaving = reason;
  }

  /**
   * The next line if it is already here, without its end, one character for each octet; else `undefined`: then `await more()`.
   * Throws LineTooLong. The transcript gets what `shown` makes of it.
   */
  tryLine(limit: number, shown: Shown = asIs): string | undefined {
    // Pipelined commands can have answers much longer than themselves: those go out first.
    this.#held = this.out.length > HIGH_WATER;
    if (this.#held) return undefined;
    const line = this.#input.line(limit);
    if (line === undefined) return undefined;
    this.#watch.stop();
    if (line === null) {
      this.session.record('client', '(line too long)');
      throw new LineTooLong();
    }
    this.session.record('client', shownLine(line, shown));
    return line;
  }

  /** As `tryLine`, but waits for the line. */
  async readLine(limit: number, shown: Shown = asIs): Promise<string> {
    for (;;) {
      const line = this.tryLine(limit, shown);
      if (line !== undefined) return line;
      await this.more();
    }
  }

  /**
   * Sends what was written and waits for more input. `idle` says that nothing is lost if the session ends here, `deaf` that only `wake`
   * is waited for. Throws ConnectionEnded.
   */
  more(idle = false, deaf = false): Promise<void> {
    this.#deaf = deaf;
    if (this.out.length > 0) sendAtEndOfTurn(this);
    this.#idle = idle;
    const ended = this.#ended ?? (this.#finished && !this.full ? 'client' : null) ?? (idle ? this.#leaving : null);
    if (ended !== null) return Promise.reject(new ConnectionEnded(ended));
    // Sent by the protocol itself, and read at once: nothing more will come to wake us.
    if (!deaf && this.#held && this.out.length === 0 && !this.full) return Promise.resolve();
    if (this.#paused && !this.full) {
      this.#paused = false;
      this.#socket.resume();
    }
    return this.#wait();
  }

  #wait(): Promise<void> {
    // Who is made to wait is not silent himself.
    if (!this.#deaf) this.#watch.start();
    return this.#pending.wait();
  }

  #feed(take: (chunk: Buffer) => number, done: () => boolean): Promise<void> {
    return feed({ input: this.#input, watch: this.#watch, intake: this.intake, more: () => this.more() }, take, done);
  }

  /** What the client sent ahead is thrown away. */
  forget(): void {
    this.#input.takeAll();
  }

  /** Gives a message to `sink` up to CRLF "." CRLF, without the doubled dots. */
  async readDotted(sink: Sink): Promise<void> {
    const dotted = new DottedReader();
    let over = false;
    const take = (chunk: Buffer): number => {
      const used = dotted.feed(chunk, sink);
      over = used >= 0;
      return over ? used : chunk.length;
    };
    try {
      await this.#feed(take, () => over);
    } finally {
      this.session.record('client', '', dotted.octets);
    }
  }

  /** Gives exactly `count` octets to `sink`. */
  async readBytes(count: number, sink: Sink): Promise<void> {
    let rest = count;
    const take = (chunk: Buffer): number => {
      const here = Math.min(rest, chunk.length);
      sink.take(here === chunk.length ? chunk : chunk.subarray(0, here));
      rest -= here;
      return here;
    };
    try {
      await this.#feed(take, () => rest === 0);
    } finally {
      this.session.record('client', '', count - rest);
    }
  }

  /** Text (whole lines) goes into the transcript; it leaves with the rest of its batch when the protocol next waits. */
  write(text: string, faultId: string | null = null): void {
    for (const line of text.replace(/\r\n$/, '').split('\r\n')) this.session.record('server', line, null, faultId);
    this.out.write(text);
  }

  /** As `write`, for one line without its end. */
  writeLine(line: string, faultId: string | null = null): void {
    this.session.record('server', line, null, faultId);
    this.out.write(`${line}\r\n`);
  }

  /** As `write`, but the transcript gets the number of octets alone. */
  writeUnlisted(text: string): void {
    this.session.record('server', '', Buffer.byteLength(text));
    this.out.write(text);
  }

  /** As `write`, for octets that are no text: the transcript gets their number. They must not change until they are sent. */
  writeOctets(octets: Buffer): void {
    this.session.record('server', '', octets.length);
    this.out.writeOctets(octets);
  }

  /** Sends what was written so far. */
  send(): void {
    const { length } = this.out;
    if (length > 0 && this.out.sendTo(this.#socket)) this.#end('fault');
    // Else `drain` tells when the client has read enough.
    if (length > HIGH_WATER && !this.full) this.#pending.resume();
  }

  /** Sends what was written so far and waits, within the idle time, until the client has read enough of it. Throws ConnectionEnded. */
  async flush(): Promise<void> {
    this.send();
    this.#idle = false;
    // A client that reads as fast as we write must not keep the others waiting.
    await turn();
    while (this.full && this.#ended === null) await this.#wait();
    if (this.#ended !== null) throw new ConnectionEnded(this.#ended);
    this.#watch.stop();
  }

  /** Compresses both ways (RFC 4978) what comes after the text written so far. */
  compress(): void {
    this.send();
    const plain = this.#socket;
    this.#leave(plain);
    this.#socket = compressed(plain, this.#input.takeAll());
    this.compressed = true;
    this.#listen(this.#socket);
    this.session.record('rig', 'DEFLATE compression begins');
  }

  /**
   * `go` is a line, written first once the certificate is there: a failure to make it is thrown before that. What the client sent in clear
   * text before the handshake is thrown away (RFC 3207 §4.2).
   */
  async startTls(go = '', flaw?: Flaw): Promise<void> {
    const { secureContext } = this.#options;
    if (secureContext === null) throw new Error('no TLS here');
    const context = await secureContext(flaw);
    if (this.#ended !== null) throw new ConnectionEnded(this.#ended);
    if (go !== '') this.writeLine(go);
    this.send();
    this.#leave(this.#tcp);
    const early = this.#input.takeAll();
    // With TLS from the first octet, what was read already is a part of the handshake.
    if (go === '' && early.length > 0) this.#tcp.pause().unshift(Buffer.concat(early));

    const { tls, reason, finish } = beginHandshake(this.#tcp, context, {
      established: () => this.#pending.resume(),
      failed: () => this.#end('tls'),
    });
    this.#socket = tls;
    try {
      await this.#wait();
    } catch (error) {
      this.session.record('rig', `TLS handshake failed${reason()}`);
      throw error;
    }
    this.#watch.stop();
    finish();
    this.#listen(tls);
    this.#secure = true;
    this.session.tls = `${tls.getProtocol()} ${tls.getCipher().standardName}`;
    this.session.record('rig', `TLS established: ${this.session.tls}`);
  }

  /** Sends what is left and closes: properly, or with a reset. Resolves when the socket is gone. */
  async close(how: 'end' | 'reset' = 'end'): Promise<void> {
    this.out.setPace(null);
    if (how === 'end') this.send();
    this.#watch.end();
    this.#ended ??= 'closed';
    if (how === 'reset' && !this.#tcp.destroyed) this.#tcp.resetAndDestroy();
    else {
      // Unread input would turn our close into a reset, and the client might never see the last reply: read on.
      this.#socket.resume();
      this.#socket.end();
      const timer = setTimeout(() => this.destroy(), LINGER);
      await this.#whenClosed;
      clearTimeout(timer);
    }
    this.session.close();
  }

  /** Drops the connection with whatever is unsent. */
  destroy(): void {
    this.#socket.destroy();
    this.#tcp.destroy();
  }
}
