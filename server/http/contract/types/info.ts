// What the server says about itself.

import type { ClockState } from './faults.ts';
import type { Time } from './messages.ts';

export interface Listener {
  protocol: string;
  address: string;
  port: number;
  tls: 'none' | 'starttls' | 'implicit';
}

export interface Ports {
  smtp: number | null;
  smtps: number | null;
  http: number | null;
  imap: number | null;
  imaps: number | null;
  pop3: number | null;
  pop3s: number | null;
  lmtp: number | null;
  dns: number | null;
}

export interface SettingValue {
  value: unknown;
  source: 'default' | 'file' | 'environment' | 'flag' | 'option';
}

/** How full the store is. */
export interface StorageInfo {
  /** As counted against `maxMessages`. */
  messages: number;
  /** As counted against `maxSize`: those of deletions that can be undone included. */
  octets: number;
  /**
   * Not null after a message was refused for want of room, until there is some again: the newest refusal's limit (the setting:
   * `maxMessages`, `maxSize`, or `data` for the disk of that folder) and time.
   */
  full: { limit: string; at: Time } | null;
}

export interface Info {
  name: 'mailrig';
  version: string;
  ports: Ports;
  listeners: Listener[];
  settings: Record<string, SettingValue>;
  index: { pending: number };
  storage: StorageInfo;
  /** How many are enabled. */
  faults: number;
  clock: Omit<ClockState, 'pending'>;
}
