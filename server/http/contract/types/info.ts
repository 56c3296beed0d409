// What the server says about itself.

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

export interface Info {
  name: 'mailrig';
  version: string;
  ports: Ports;
  listeners: Listener[];
  settings: Record<string, SettingValue>;
  index: { pending: number };
}
