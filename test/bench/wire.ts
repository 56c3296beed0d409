// A client that does next to nothing with what it reads, so that the server is what is measured.

import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export class Wire {
  readonly #socket: Socket;
  #marker = Buffer.alloc(0);
  #wanted = 0;
  /** The end of what came, as long as a marker may reach into it. */
  #tail = Buffer.alloc(0);
  #done: (() => void) | null = null;
  #tag = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  static async connect(port: number): Promise<Wire> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const wire = new Wire(socket);
    const greeted = wire.#until('\r\n', 1);
    await once(socket, 'connect');
    await greeted;
    return wire;
  }

  #read(chunk: Buffer): void {
    const seen = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    let at = 0;
    if (this.#wanted > 0) {
      for (let hit = seen.indexOf(this.#marker, at); hit >= 0 && this.#wanted > 0; hit = seen.indexOf(this.#marker, at)) {
        at = hit + this.#marker.length;
        this.#wanted--;
      }
    }
    // Of a marker that was found nothing may count again, but for the line end that the next may begin with.
    this.#tail = Buffer.from(seen.subarray(Math.max(at - 2, seen.length - 64, 0)));
    if (this.#wanted === 0) {
      const done = this.#done;
      this.#done = null;
      done?.();
    }
  }

  #until(marker: string, times: number): Promise<void> {
    this.#marker = Buffer.from(marker);
    this.#wanted = times;
    return new Promise((resolve) => (this.#done = resolve));
  }

  /** Resolves when `marker` has come so many times. */
  async say(text: string | Buffer, marker: string, times = 1): Promise<void> {
    this.#tail = Buffer.alloc(0);
    const heard = this.#until(marker, times);
    this.#socket.write(text);
    await heard;
  }

  /** Waits without saying anything. */
  hear(marker: string): Promise<void> {
    this.#tail = Buffer.alloc(0);
    return this.#until(marker, 1);
  }

  /** One IMAP command, to its completion. */
  imap(command: string): Promise<void> {
    const tag = `zq${this.#tag++}`;
    return this.say(`${tag} ${command}\r\n`, `${tag} OK`);
  }

  close(): void {
    this.#socket.destroy();
  }
}
