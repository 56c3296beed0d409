// Dovecot with a configuration of its own, on loopback, for whatever is measured or compared beside it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Wire } from './wire.ts';

export interface ReadServer {
  readonly name: string;
  readonly imap: number;
  readonly pop3: number;
  /** Puts messages into the inbox of a user, by whatever way is quick; resolves when nothing is left to do for them. */
  fill(user: string, messages: Iterable<Buffer>): Promise<void>;
  stop(): Promise<unknown>;
}

const DOVECOT = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'];

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** Any name and password will do; its login processes serve many, which is its fast way. */
const configuration = (folder: string, imap: number, pop3: number): string => `
protocols = imap pop3
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = ${process.env['FORMAT'] ?? 'maildir'}:~/mail
mail_fsync = never
mail_max_userip_connections = 0
default_vsz_limit = 2G
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}/home/%u
}
namespace inbox {
  inbox = yes
}
service imap-login {
  service_count = 0
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service pop3-login {
  service_count = 0
  inet_listener pop3 {
    port = ${pop3}
  }
  inet_listener pop3s {
    port = 0
  }
}
`;

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const wire = await Promise.race([Wire.connect(port).catch(() => null), wait(2_000, null)]);
    wire?.close();
    if (wire !== null) return;
    await wait(50);
  }
  throw new Error(`nobody greets on ${port}`);
}

const NOBODY = 65_534;

/** As files of its Maildir, which it indexes when the mailbox is opened. */
async function deliver(home: string, imap: number, user: string, messages: Iterable<Buffer>): Promise<void> {
  const folders = ['mail', 'mail/cur', 'mail/new', 'mail/tmp'].map((name) => join(home, name));
  await mkdir(home);
  for (const folder of folders) await mkdir(folder);
  for (const folder of [home, ...folders]) await chown(folder, NOBODY, NOBODY);
  let number = 0;
  for (const raw of messages) {
    const file = join(home, 'mail/cur', `${1_700_000_000 + number}.M${number++}P1.bench,S=${raw.length}:2,`);
    await writeFile(file, raw);
    await chown(file, NOBODY, NOBODY);
  }
  const wire = await Wire.connect(imap);
  await wire.imap(`LOGIN ${user} x`);
  await wire.imap('SELECT INBOX');
  wire.close();
}

/** Null where it cannot be started. */
export async function startDovecot(): Promise<ReadServer | null> {
  const path = DOVECOT.find((one) => existsSync(one));
  if (path === undefined || process.getuid?.() !== 0) return null;
  const folder = await mkdtemp(join(tmpdir(), 'dovecot-bench-'));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'home'));
  await chmod(join(folder, 'home'), 0o777);
  const [imap = 0, pop3 = 0] = await freePorts(2);
  await writeFile(join(folder, 'conf'), configuration(folder, imap, pop3));
  const child = spawn(path, ['-F', '-c', join(folder, 'conf')], { stdio: ['ignore', 'inherit', 'inherit'] });
  await listening(imap);
  const stop = async (): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  return { name: 'Dovecot', imap, pop3, fill: (user, messages) => deliver(join(folder, 'home', user), imap, user, messages), stop };
}
