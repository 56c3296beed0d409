// A socket whose octets are compressed both ways (RFC 4978: raw DEFLATE without header).

import { Duplex } from 'node:stream';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';

/**
 * `early` was read before the compression was agreed on and belongs to it already. What is written together leaves as one
 * flushed block, so that the client can read it at once. Only as much is decompressed as is read: a bomb waits for its reader.
 */
export function compressed(socket: Duplex, early: readonly Buffer[]): Duplex {
  const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
  const deflate = createDeflateRaw();

  const receive = (chunk: Buffer): void => {
    if (!inflate.write(chunk)) socket.pause();
  };

  const duplex = new Duplex({
    read: () => void inflate.resume(),
    writev(chunks, done) {
      for (const { chunk, encoding } of chunks as { chunk: Buffer | string; encoding: BufferEncoding }[]) {
        deflate.write(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
      }
      deflate.flush(constants.Z_SYNC_FLUSH, () => done());
    },
    final(done) {
      deflate.once('end', done).end();
    },
    destroy(error, done) {
      socket.off('data', receive);
      inflate.destroy();
      deflate.destroy();
      if (error !== null) socket.destroy();
      done(error);
    },
  });

  inflate.on('data', (chunk: Buffer) => {
    if (!duplex.push(chunk)) inflate.pause();
  });
  inflate.on('drain', () => socket.resume());
  inflate.on('end', () => duplex.push(null));
  inflate.on('error', (error) => duplex.destroy(error));
  deflate.on('data', (chunk: Buffer) => {
    if (!socket.write(chunk)) deflate.pause();
  });
  deflate.on('end', () => socket.end());
  deflate.on('error', (error) => duplex.destroy(error));
  socket.on('data', receive);
  socket.on('end', () => inflate.end());
  socket.on('drain', () => deflate.resume());
  socket.on('close', () => duplex.destroy());
  for (const chunk of early) receive(chunk);
  socket.resume();
  return duplex;
}
