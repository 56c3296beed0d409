// PROXY headers as tables: sound ones, unfinished ones, and what nobody should send.

import { describe, expect, it } from 'vitest';
import { ParseError } from '../../../server/base/errors.ts';
import { readProxyHeader } from '../../../server/net/proxy-header.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const hex = (...parts: string[]): Buffer => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
const TCP4 = hex(SIGNATURE, '21 11 000c', 'c0000207 7f000001', 'd431 0019');

describe('readProxyHeader', () => {
  it.each<[what: string, octets: string | Buffer, client: string | null]>([
    ['TCP4', 'PROXY TCP4 192.0.2.7 127.0.0.1 54321 25\r\n', '192.0.2.7 54321'],
    ['TCP6', 'PROXY TCP6 2001:db8::7 ::1 65535 0\r\n', '2001:db8::7 65535'],
    ['UNKNOWN', 'PROXY UNKNOWN\r\n', null],
    ['UNKNOWN with what is to be ignored', 'PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n', null],
    ['version 2, TCP4', TCP4, '192.0.2.7 54321'],
    ['version 2, TCP4, with TLVs', hex(SIGNATURE, '21 11 0013', 'c0000207 7f000001 d431 0019', '04 0004 00000000'), '192.0.2.7 54321'],
    [
      'version 2, TCP6',
      hex(SIGNATURE, '21 21 0024', '20010db8000000000000000000000007', '00000000000000000000000000000001', '0400 0019'),
      '2001:db8::7 1024',
    ],
    ['version 2, LOCAL', hex(SIGNATURE, '20 00 0000'), null],
    ['version 2, LOCAL with addresses', hex(SIGNATURE, '20 11 000c', 'c0000207 7f000001 d431 0019'), null],
    ['version 2, a Unix socket', hex(SIGNATURE, '21 31 00d8', '61'.repeat(216)), null],
    ['version 2, unspecified', hex(SIGNATURE, '21 00 0000'), null],
  ])('reads %s, whatever follows, and waits for its end', (_, text, client) => {
    const octets = Buffer.from(text);
    const header = readProxyHeader(Buffer.concat([octets, Buffer.from('EHLO x\r\n')]));
    expect(header?.length).toBe(octets.length);
    expect(header?.client ? `${header.client.address} ${header.client.port}` : null).toBe(client);
    for (let length = 0; length < octets.length; length++) expect(readProxyHeader(octets.subarray(0, length))).toBe(null);
  });

  it.each<[what: string, octets: string | Buffer]>([
    ['a command', 'EHLO client.test\r\n'],
    ['a TLS handshake', hex('16030100')],
    ['an empty line', '\r\nEHLO'],
    ['lower case', 'proxy TCP4'],
    ['another family', 'PROXY UDP4 192.0.2.7 127.0.0.1 1 2\r\n'],
    ['an address of the other family', 'PROXY TCP4 ::1 127.0.0.1 1 2\r\n'],
    ['no address', 'PROXY TCP4 localhost 127.0.0.1 1 2\r\n'],
    ['a port too high', 'PROXY TCP4 192.0.2.7 127.0.0.1 65536 2\r\n'],
    ['no port', 'PROXY TCP4 192.0.2.7 127.0.0.1 x 2\r\n'],
    ['a space too many', 'PROXY  TCP4 192.0.2.7 127.0.0.1 1 2\r\n'],
    ['a bare line feed', `PROXY TCP4 192.0.2.7 127.0.0.1 1 2\n${' '.repeat(100)}`],
    ['a line without end', `PROXY UNKNOWN ${'x'.repeat(200)}`],
    ['version 3', hex(SIGNATURE, '31 11 000c')],
    ['an unknown command', hex(SIGNATURE, '22 11 000c')],
    ['addresses cut off', hex(SIGNATURE, '21 11 0004', 'c0000207')],
    ['a length without end', hex(SIGNATURE, '21 11 ffff')],
  ])('refuses %s', (_, octets) => {
    expect(() => readProxyHeader(Buffer.from(octets))).toThrow(ParseError);
  });
});
