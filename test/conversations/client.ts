// A client that says exactly what a test tells it to, and reads lines.

import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export class Client {
  #socket: Socket;
  #text = '';
  #closed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<Client> {
    const socket = connect({ port, host, noDelay: true, allowHalfOpen: true });
    // The greeting may come together with the connection: listen first.
    const client = new Client(socket);
    await once(socket, 'connect');
    return client;
  }

  static async connectTls(port: number, ca: string): Promise<Client> {
    const socket = connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' });
    const client = new Client(socket);
    await once(socket, 'secureConnect');
    return client;
  }

  get socket(): Socket {
    return this.#socket;
  }

  #listen(socket: Socket): void {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#text += text;
      this.#wake();
    });
    const over = (): void => {
      if (socket !== this.#socket) return;
      this.#closed = true;
      this.#wake();
    };
    socket.on('end', over);
    socket.on('error', over);
    socket.on('close', over);
  }

  async #more(): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Each character is an octet. */
  send(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** The next line, null when the server has closed. */
  async line(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return line;
      }
      if (this.#closed) return null;
      await this.#more();
    }
  }

  /** The next reply, all its lines joined. */
  async reply(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line === null) return [...lines, '(closed)'].join('\n');
      lines.push(line);
      if (line[3] !== '-') return lines.join('\n');
    }
  }

  /** Sends a line and answers the reply to it. */
  async ask(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return this.reply();
  }

  /** Everything until the server closes. */
  async rest(): Promise<string> {
    while (!this.#closed) await this.#more();
    const text = this.#text;
    this.#text = '';
    return text;
  }

  async startTls(ca: string): Promise<void> {
    this.#socket.removeAllListeners('data');
    const secure = connectTls({ socket: this.#socket, ca, servername: 'localhost' });
    this.#socket = secure;
    this.#listen(secure);
    await once(secure, 'secureConnect');
  }

  /** Closes our side only. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
