// The lines that tell where a started server listens.

import type { Terminal } from './terminal.ts';

export interface Listening {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly tls: string;
}

const TLS_WORDS: Readonly<Record<string, string>> = { starttls: 'STARTTLS offered', implicit: 'TLS' };
const place = ({ address, port }: Listening): string => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);

/** One line for each protocol and kind of TLS, with all its addresses. */
function groups(listeners: readonly Listening[]): [string, string, string][] {
  const rows = new Map<string, Listening[]>();
  for (const listener of listeners) {
    const label = listener.protocol.toUpperCase() + (listener.tls === 'implicit' && !listener.protocol.endsWith('s') ? 'S' : '');
    const key = `${label} ${listener.tls}`;
    rows.set(key, [...(rows.get(key) ?? []), listener]);
  }
  return [...rows].map(([key, members]) => [key.split(' ')[0] ?? '', members.map(place).join(' '), TLS_WORDS[members[0]?.tls ?? ''] ?? '']);
}

export function banner(version: string, url: string, listeners: readonly Listening[], colour: Terminal['colour']): string[] {
  const base = url.replace(/\/$/, '');
  const rows: [string, string, string][] = [
    ...groups(listeners.filter(({ protocol }) => protocol !== 'http')),
    ['Web', colour.cyan(`${base}/`), ''],
    ['API', `${base}/v1/docs`, ''],
    ['CA', `${base}/v1/ca.pem`, 'the certificate to trust for TLS'],
  ];
  return [
    `${colour.bold('Mailrig')} ${version}`,
    ...rows.map(([label, where, remark]) => `  ${label.padEnd(6)} ${where}${remark && colour.dim(`  ${remark}`)}`),
  ];
}
