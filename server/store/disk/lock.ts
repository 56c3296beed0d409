// One server at a time on a folder: a listening socket in it, which is free again as soon as its process is gone.

import { randomUUID } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Unusable } from '../../base/errors.ts';

const NAME = 'lock.sock';
/** The longest path that the system takes for a socket, octets (108 with the final NUL on Linux, 104 on macOS). */
const LONGEST = 103;
const ANSWER_MS = 2000;
const SETTLE_MS = 20;

export interface Lock {
  release(): Promise<void>;
}

/** Who holds the lock: what it says when one connects; null where nobody listens, empty where it says nothing in time. */
function holder(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let said = '';
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (chunk) => (said += chunk.toString()));
    socket.once('error', () => resolve(null));
    socket.once('close', () => resolve(said));
  });
}

function listen(path: string, id: string): Promise<Server | null> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(id);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(path, () => resolve(server.unref()));
  });
}

/** A process id would mean nothing between containers that share the folder; a socket does. Throws Unusable. */
export async function lockFolder(folder: string): Promise<Lock> {
  const whole = join(folder, NAME);
  const near = relative(process.cwd(), whole);
  const path = Buffer.byteLength(whole) <= LONGEST ? whole : near;
  if (Buffer.byteLength(path) > LONGEST) throw new Unusable(`${folder}: the path is too long to be locked; choose a shorter one`);
  const inUse = new Unusable(`${folder} is in use by another Mailrig. Stop it, or choose another folder with --data.`);
  const id = randomUUID();
  let server = await listen(path, id);
  if (server === null) {
    if ((await holder(path)) !== null) throw inUse;
    await unlink(path).catch(() => undefined);
    server = await listen(path, id);
  }
  if (server === null) throw inUse;
  // Two that found the same stale socket may both have replaced it: the one whose socket it is in the end stays.
  await wait(SETTLE_MS);
  const held = server;
  const release = (): Promise<void> => new Promise((resolve) => void held.close(() => resolve()));
  if ((await holder(path)) !== id) {
    // Closing would remove the winner's socket.
    held.unref();
    throw inUse;
  }
  return { release };
}
