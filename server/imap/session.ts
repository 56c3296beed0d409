// One IMAP conversation: where it stands, what the client has switched on, and how it is answered.

import type { Modifiers } from '../faults/decide.ts';
import type { Connection } from '../net/connection.ts';
import type { Offer } from '../net/offered.ts';
import type { ReaderPoint } from '../net/reader-point.ts';
import type { Account } from '../store/state.ts';
import type { ImapDeps } from './deps.ts';
import type { Recents } from './recent.ts';
import type { Watch } from './notify/order.ts';
import type { SelectedView } from './selected-view.ts';

export type Phase = 'greeted' | 'authenticated' | 'selected' | 'leaving';

export type ImapState =
  | { readonly phase: 'greeted' }
  | { readonly phase: 'authenticated'; readonly account: Account }
  | { readonly phase: 'selected'; readonly account: Account; readonly view: SelectedView }
  | { readonly phase: 'leaving' };

/** What ENABLE, and some parameters, switch on (RFC 5161). */
export type Extension = 'CONDSTORE' | 'QRESYNC' | 'UTF8=ACCEPT' | 'IMAP4rev2';

export interface ImapSession {
  readonly connection: Connection;
  readonly deps: ImapDeps;
  /** Which messages nobody has been told of yet; one for all sessions of a server. */
  readonly recents: Recents;
  readonly enabled: Set<Extension>;
  state: ImapState;
  /** The result that `$` stands for (RFC 5182), as UIDs of the selected mailbox. */
  saved: readonly number[];
  /** What NOTIFY has asked for, or IDLE for as long as it lasts; null: as ever. */
  watch: Watch | null;
  readonly point: ReaderPoint;
  /** What a fault has made of the capabilities. */
  offer: Offer;
  /** What a fault keeps back of the news, as long as its command lasts. */
  silence: NonNullable<Modifiers['silence']>;
  /** It is time for what a fault does to the command that goes on. */
  due: boolean;
  /** One untagged line, without `* ` and line end. */
  untagged(line: string): void;
}
