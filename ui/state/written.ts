// What somebody wrote: the fields of a draft.

import type { Address } from '../../server/http/contract/types.ts';

export interface HeaderRow {
  name: string;
  value: string;
}

export interface Written {
  /** As typed. */
  from: string;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  text: string;
  /** The source of the HTML; null without. */
  html: string | null;
  headers: HeaderRow[];
}
