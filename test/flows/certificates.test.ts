// Certificates of receivers' hosts: each shows one of its own name, which who trusts our authority can verify.

import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMailrig } from '../../server/app.ts';
import type { Mailrig } from '../../server/app.ts';
import type { Delivery, Fault, ListOf, Receiver, SessionSummary } from '../../server/http/contract/types.ts';
import { api } from './api.ts';

/** Soon, but a busy machine takes its time. */
const until = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });

let rig: Mailrig;
let ca: string;

const call = <T>(method: string, path: string, body?: unknown): Promise<T> => api(rig, method, path, body);

/** A receiver of one host; its port. */
async function put(domain: string, name: string, more: object = {}): Promise<number> {
  const policy = { tls: 'verified', schedule: '1h', giveUpAfter: '5d' };
  const { hosts } = await call<Receiver>('PUT', `/receivers/${domain}`, { hosts: [{ name, ...more }], policy });
  return hosts[0]?.port ?? 0;
}

beforeAll(async () => {
  rig = createMailrig({ host: ['127.0.0.1'], receiverPort: 0 });
  await rig.start();
  ca = await (await fetch(new URL('/v1/ca.pem', rig.url))).text();
});
afterEach(() => call('POST', '/reset', {}));
afterAll(() => rig.stop());

const spoil = (name: string, certificate: string): Promise<Fault> =>
  call('POST', '/faults', { on: { host: name, stage: 'tls' }, do: [{ certificate }] });

/** What becomes of a mail that our queue is given. */
async function outcome(to: string): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true });
  await transport.sendMail({ from: 'app@client.test', to, text: 'hello' });
  return until(async () => {
    const [{ state, attempts } = { state: '', attempts: [] }] = (await call<ListOf<Delivery>>('GET', '/deliveries')).items;
    const [{ stage, code, enhanced, text } = { stage: '', code: null, enhanced: '', text: '' }] = attempts;
    expect(attempts).toHaveLength(1);
    return [state, stage, code ?? enhanced, code === null && text].filter((word) => word !== false).join(' ');
  });
}

describe('our queue, where the policy is verified', () => {
  it.each([
    ['mx1.shop.test', {}],
    ['MX1.Shop.TEST', {}],
    ['localhost', {}],
    ['mx.bücher.test', {}],
    ['127.0.0.2', { address: '127.0.0.2' }],
    [`${'long.'.repeat(20)}test`, {}],
  ])('delivers to %s, over TLS', async (name, more) => {
    await put('shop.test', name, more);
    expect(await outcome('jo@shop.test')).toBe('delivered end-of-data 250');
    const [session] = (await call<ListOf<SessionSummary>>('GET', '/sessions')).items;
    expect([session?.host, session?.tls?.slice(0, 3)]).toEqual([name, 'TLS']);
  });

  it.each([
    ['expired', 'certificate has expired'],
    [
      'wrong-host',
      "Hostname/IP does not match certificate's altnames: Host: mx1.shop.test. is not in the cert's altnames: DNS:elsewhere.test",
    ],
    ['self-signed', 'self-signed certificate'],
  ])('waits where the certificate is %s, and says nothing of the mail', async (certificate, why) => {
    await put('shop.test', 'mx1.shop.test');
    await spoil('mx1.shop.test', certificate);
    expect(await outcome('jo@shop.test')).toBe(`deferred tls 4.7.5 ${why}`);
    const { items } = await call<ListOf<SessionSummary>>('GET', '/sessions');
    expect(items.filter(({ host }) => host === 'mx1.shop.test')).toMatchObject([{ commands: 2, command: 'STARTTLS', messageCount: 0 }]);
  });

  it('waits for a host that our authority may not vouch for', async () => {
    await put('shop.test', 'mx1.shop.example');
    expect(await outcome('jo@shop.test')).toBe('deferred tls 4.7.5 permitted subtree violation');
  });
});

describe('another client that verifies', () => {
  const send = async (port: number, servername: string): Promise<string> => {
    const transport = createTransport({ host: '127.0.0.1', port, requireTLS: true, tls: { ca, servername } });
    try {
      return (await transport.sendMail({ from: 'a@b.test', to: 'jo@shop.test', text: 'hi' })).response.slice(0, 3);
    } catch (error) {
      return error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : String(error);
    }
  };

  it('delivers by the name of the host, and by no other', async () => {
    const port = await put('shop.test', 'mx1.shop.test');
    expect(await send(port, 'mx1.shop.test')).toBe('250');
    expect(await send(port, 'mx2.shop.test')).toMatch(/^\w+ Hostname\/IP does not match certificate's altnames: /);
  });

  it('refuses a certificate that a fault has made', async () => {
    const port = await put('shop.test', 'mx1.shop.test');
    await spoil('mx1.shop.test', 'expired');
    expect(await send(port, 'mx1.shop.test')).toMatch(/certificate has expired$/);
  });

  it('is shown the same one each time, also after the host was down', async () => {
    const port = await put('shop.test', 'mx1.shop.test');
    const shown = async (): Promise<readonly unknown[]> => {
      const tcp = connectTcp(port, '127.0.0.1');
      const lines = tcp[Symbol.asyncIterator]();
      await lines.next();
      tcp.write('EHLO client.test\r\n');
      await lines.next();
      tcp.write('STARTTLS\r\n');
      await lines.next();
      const tls = connect({ socket: tcp, servername: 'mx1.shop.test', ca });
      await once(tls, 'secureConnect');
      const { subject, fingerprint256 } = tls.getPeerCertificate();
      tls.destroy();
      return [subject.CN, fingerprint256];
    };
    const first = await shown();
    expect(first[0]).toBe('mx1.shop.test');
    await call('PATCH', '/hosts/mx1.shop.test', { state: 'down' });
    await call('PATCH', '/hosts/mx1.shop.test', { state: 'up' });
    expect(await shown()).toEqual(first);
  });
});
