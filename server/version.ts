// Which Mailrig this is: the build writes the version in, a checkout reads it from package.json.

import { readFileSync } from 'node:fs';

declare const MAILRIG_VERSION: string | undefined;

const fromPackage = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

export const version: string = typeof MAILRIG_VERSION === 'string' ? MAILRIG_VERSION : fromPackage();
