// Records in a file: a mark, the length, a checksum, the octets. What is torn or damaged is found, and where.

import { crc32 } from 'node:zlib';

// The first octet occurs in no UTF-8 text, so that a mark is not found inside a record of JSON.
const MARK = Buffer.from([0xfe, 0x4d, 0x52, 0x31]);

/** Octets before a record's own. */
export const RECORD_HEAD = 12;

/** The head that goes before `payload`. */
export function recordHead(payload: Uint8Array): Buffer {
  const head = Buffer.allocUnsafe(RECORD_HEAD);
  MARK.copy(head);
  head.writeUInt32LE(payload.length, 4);
  head.writeUInt32LE(crc32(payload), 8);
  return head;
}

/** The whole record in one buffer. */
export function record(payload: Buffer): Buffer {
  return Buffer.concat([recordHead(payload), payload]);
}

/** The record at `offset`; null where there is none whole and undamaged. */
export function readRecord(bytes: Buffer, offset: number): Buffer | null {
  if (offset + RECORD_HEAD > bytes.length || bytes.compare(MARK, 0, 4, offset, offset + 4) !== 0) return null;
  const start = offset + RECORD_HEAD;
  const end = start + bytes.readUInt32LE(offset + 4);
  if (end > bytes.length) return null;
  const payload = bytes.subarray(start, end);
  return crc32(payload) === bytes.readUInt32LE(offset + 8) ? payload : null;
}

/** Where a whole record begins after `offset`, -1 where none does: tells a torn tail from damage in the middle. */
export function nextRecord(bytes: Buffer, offset: number): number {
  for (let at = bytes.indexOf(MARK, offset + 1); at >= 0; at = bytes.indexOf(MARK, at + 1)) {
    if (readRecord(bytes, at) !== null) return at;
  }
  return -1;
}
