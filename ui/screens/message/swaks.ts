// The command line that has the conversation of a message once more, for swaks, the SMTP test tool.

import type { Envelope, Listener, SessionDetail } from '../../../server/http/contract/types.ts';

const PLAIN = /^[\w@%+=:,./-]+$/;

/** For a POSIX shell; control characters, which a terminal would obey when pasted, in the form that bash and zsh know. */
export function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  if (!/[\u0000-\u001f\u007f-\u009f]/.test(word)) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const inside = word
    .replace(/[\\']/g, String.raw`\$&`)
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) =>
      [...new TextEncoder().encode(char)].map((octet) => String.raw`\x${octet.toString(16).padStart(2, '0')}`).join(''),
    );
  return `$'${inside}'`;
}

interface Conversation {
  readonly session: Pick<SessionDetail, 'protocol' | 'helo' | 'user' | 'tls' | 'lines'>;
  readonly envelope: Envelope;
  readonly listeners: readonly Listener[];
  /** The name under which this browser reaches the server. */
  readonly server: string;
}

export function swaks({ session, envelope, listeners, server }: Conversation): string {
  const commands = session.lines.filter(({ side }) => side === 'client').map(({ text }) => text);
  const startsTls = commands.some((command) => /^\s*starttls\s*$/i.test(command));
  const implicit = session.tls !== null && !startsTls;
  const mechanism = commands.map((command) => /^\s*auth\s+(\S+)/i.exec(command)?.[1]).find((found) => found !== undefined);
  const listener = listeners.find(({ protocol, tls }) => protocol === session.protocol && (tls === 'implicit') === implicit);
  const host = server.includes(':') && !server.startsWith('[') ? `[${server}]` : server;
  const recipients = [...envelope.recipients, ...envelope.refused.map(({ recipient }) => recipient)];

  const options = [
    `--server ${quoted(listener ? `${host}:${listener.port}` : host)}`,
    session.protocol === 'lmtp' && '--protocol LMTP',
    implicit && '--tls-on-connect',
    startsTls && '--tls',
    session.helo !== null && `--ehlo ${quoted(session.helo)}`,
    // The password is never kept, so that it cannot be shown.
    session.user !== null && `--auth ${quoted(mechanism ?? 'PLAIN')} --auth-user ${quoted(session.user)} --auth-password "$PASS"`,
    `--from ${quoted(envelope.sender === '' ? '<>' : envelope.sender)}`,
    // Of several --to the last would win.
    `--to ${quoted(recipients.join(','))}`,
    '--data @message.eml',
  ];
  return `swaks ${options.filter((option) => option !== false).join(' \\\n  ')}`;
}
