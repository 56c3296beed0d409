// A client's connection: what it writes, replies as they come, and one deadline for each step.

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { AttemptStage } from '../../mail/delivery.ts';
import { Input } from '../../net/input.ts';
import { clientOf } from '../../net/listener.ts';
import { MAX_REPLY_LINE, ReplyReader } from './reply.ts';
import type { Reply } from './reply.ts';
import { CLOSING, Failed, heard, unheard } from './verdict.ts';
import type { Loss } from './verdict.ts';

/** What the system says, in words. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset',
  EPIPE: 'Connection closed',
  ETIMEDOUT: 'Connection timed out',
};

const said = (error: NodeJS.ErrnoException): string => WORDS[error.code ?? ''] ?? error.message;

export interface Dialled {
  readonly address: string;
  readonly port: number;
  /** ms. */
  readonly timeout: number;
  readonly signal: AbortSignal | null;
}

export class Wire {
  #socket: Socket;
  #input = new Input();
  #partial = new ReplyReader();
  #loss: Loss | null = null;
  /** Whoever waits for the connection to change. */
  #wake: (() => void) | null = null;
  readonly #stop = (): void => this.destroy({ why: 'stopped' });
  readonly #signal: AbortSignal | null;
  /** Our side, `address:port`. */
  client: string | null = null;
  secure = false;

  private constructor(socket: Socket, signal: AbortSignal | null) {
    this.#socket = socket;
    this.#signal = signal;
    this.#attach(socket);
    socket.once('close', () => signal?.removeEventListener('abort', this.#stop));
    signal?.addEventListener('abort', this.#stop, { once: true });
    if (signal?.aborted) this.#stop();
  }

  /** Throws Failed. */
  static async dial({ address, port, timeout, signal }: Dialled): Promise<Wire> {
    const socket = connect({ host: address, port, noDelay: true });
    const wire = new Wire(socket, signal);
    let connected = false;
    socket.once('connect', () => {
      connected = true;
      wire.client = clientOf(socket.localAddress ?? '', socket.localPort);
      wire.#wake?.();
    });
    socket.prependOnceListener('error', (error) => {
      if (!connected) wire.#loss ??= { why: 'refused', text: said(error) };
    });
    await wire.#until('connect', timeout, { why: 'refused', text: 'Connection timed out' }, () => connected || undefined);
    return wire;
  }

  #attach(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.#input.push(chunk);
      this.#wake?.();
    });
    socket.on('error', (error) => this.#lose({ why: 'error', text: said(error) }));
    socket.on('end', () => this.#lose({ why: 'closed' }));
    socket.on('close', () => this.#lose({ why: 'closed' }));
  }

  #lose(loss: Loss): void {
    this.#loss ??= loss;
    this.#wake?.();
  }

  destroy(loss: Loss = { why: 'closed' }): void {
    this.#lose(loss);
    this.#socket.destroy();
  }

  /** Nothing has ended it yet. */
  get alive(): boolean {
    return this.#loss === null;
  }

  /** Waits until `look` gives something. What has come is looked at before the end is. Throws Failed. */
  async #until<T>(stage: AttemptStage | (() => AttemptStage), ms: number, late: Loss, look: () => T | undefined): Promise<T> {
    const now = look();
    if (now !== undefined) return now;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        const fail = (loss: Loss): void => reject(new Failed(unheard(typeof stage === 'string' ? stage : stage(), loss)));
        this.#wake = () => {
          let found: T | undefined;
          try {
            found = look();
          } catch (error) {
            return reject(error as Error);
          }
          if (found !== undefined) resolve(found);
          else if (this.#loss !== null) fail(this.#loss);
        };
        timer = setTimeout(() => {
          this.destroy(late);
          fail(late);
        }, ms);
        if (this.#loss !== null) fail(this.#loss);
      });
    } finally {
      this.#wake = null;
      clearTimeout(timer);
    }
  }

  /** A reply that is here. Throws Failed. */
  #take(stage: AttemptStage): Reply | undefined {
    for (;;) {
      const before = this.#input.length;
      const line = this.#input.line(MAX_REPLY_LINE);
      // A line beyond its limit is dropped there, whether or not its end has come.
      const dropped = line === null || (line === undefined && this.#input.length < before);
      const reply = dropped ? 'endless' : line === undefined ? null : this.#partial.take(line);
      if (reply === 'endless') {
        this.destroy({ why: 'endless' });
        throw new Failed(unheard(stage, { why: 'endless' }));
      }
      if (reply !== null) {
        this.#partial = new ReplyReader();
        return reply;
      }
      if (line === undefined) return undefined;
    }
  }

  /** The next reply. Throws Failed where it does not come in time, and where the server says that it goes away. */
  async reply(stage: AttemptStage, ms: number): Promise<Reply> {
    // Before a greeting has begun there is but a connection.
    const where = (): AttemptStage => (stage === 'banner' && !this.#partial.begun && this.#input.length === 0 ? 'connect' : stage);
    const reply = await this.#until(where, ms, { why: 'timeout' }, () => this.#take(where()));
    if (reply.code !== CLOSING) return reply;
    this.close();
    throw new Failed(heard(stage, reply, stage === 'banner' ? 'transient' : undefined));
  }

  /** Null where the server has said nothing. */
  #early(stage: AttemptStage): Failed | null {
    const reply = this.#take(stage);
    return reply !== undefined && reply.code >= 400 ? new Failed({ ...heard(stage, reply), lost: true }) : null;
  }

  write(data: string | Buffer): void {
    if (this.#loss === null) this.#socket.write(data);
  }

  /** Resolves when it is on its way. Throws Failed: with what the server has said, where it hung up on us with words. */
  async send(stage: AttemptStage, data: Buffer, ms: number): Promise<void> {
    let gone = false;
    if (this.#loss === null)
      this.#socket.write(data, (error) => {
        gone = !error;
        this.#wake?.();
      });
    try {
      await this.#until(stage, ms, { why: 'timeout' }, () => gone || undefined);
    } catch (error) {
      throw (this.#loss?.why === 'stopped' ? null : this.#early(stage)) ?? error;
    }
  }

  /** What came in clear is not read as if it were secure (RFC 3207 §6). Throws Failed. */
  async startTls(options: ConnectionOptions, ms: number): Promise<void> {
    const tcp = this.#socket;
    tcp.removeAllListeners('data').removeAllListeners('end');
    this.#input = new Input();
    this.#partial = new ReplyReader();
    const tls = connectTls({ ...options, socket: tcp });
    this.#socket = tls;
    let established = false;
    tls.once('secureConnect', () => {
      established = true;
      this.#wake?.();
    });
    tls.prependOnceListener('error', (error) => {
      if (!established) this.#loss ??= { why: 'tls', text: said(error) };
    });
    this.#attach(tls);
    await this.#until('tls', ms, { why: 'timeout' }, () => established || undefined);
    this.secure = true;
  }

  /** Without waiting. */
  close(): void {
    this.#lose({ why: 'closed' });
    this.#socket.destroySoon();
  }

  /** Says QUIT and waits for the end, but not for long; nothing that comes of it matters. */
  async quit(ms: number): Promise<void> {
    if (!this.alive) return;
    this.write('QUIT\r\n');
    await this.#until('end-of-data', ms, { why: 'timeout' }, () => this.#take('end-of-data')).catch(() => undefined);
    this.close();
  }
}
