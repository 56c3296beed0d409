// Large and deep messages, made when needed.

/** A header with that many recipients in To, each folded onto a line of its own. */
export function manyRecipients(count: number, write = (i: number): string => `User ${i} <user${i}@shop.test>`): Buffer {
  const list = Array.from({ length: count }, (_, i) => write(i)).join(',\r\n ');
  return Buffer.from(`From: a@acme.test\r\nTo: ${list}\r\nSubject: Many\r\n\r\nx\r\n`);
}

/** A multipart with that many text parts. */
export function manyParts(count: number): Buffer {
  const parts = Array.from({ length: count }, (_, i) => `--b\r\n\r\npart ${i + 1}\r\n`).join('');
  return Buffer.from(`Subject: Parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`);
}

/** Multiparts in multiparts, a text in the innermost. */
export function deepParts(levels: number): Buffer {
  const open = Array.from({ length: levels }, (_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\r\n\r\n--b${i}\r\n`).join('');
  return Buffer.from(`Subject: Deep\r\n${open}Content-Type: text/plain\r\n\r\ninnermost\r\n`);
}

/** Messages in messages. */
export function deepMessages(levels: number): Buffer {
  return Buffer.from(`${'Content-Type: message/rfc822\r\n\r\n'.repeat(levels)}Subject: innermost\r\n\r\nx\r\n`);
}
