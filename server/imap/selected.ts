// What the commands of the selected state begin with.

import type { Entry } from '../store/state.ts';
import type { ImapSession } from './session.ts';
import type { View } from './view.ts';

/** The view of the selected mailbox; the command table lets nobody ask for it in another state. */
export function selectedView({ state }: ImapSession): View {
  if (state.phase !== 'selected') throw new Error('no mailbox is selected');
  return state.view;
}

/** The first use of a modseq switches CONDSTORE on, and tells where a selected mailbox stands (RFC 7162 §3.1). */
export function switchOnCondstore(session: ImapSession): void {
  if (session.enabled.has('CONDSTORE')) return;
  session.enabled.add('CONDSTORE');
  if (session.state.phase !== 'selected') return;
  session.untagged(`OK [HIGHESTMODSEQ ${session.state.view.mailbox.highestModseq}] Modseqs are told from now on`);
}

/** The flags as this client is told them: `\Recent` is the session's own (RFC 3501 §2.3.2). */
export function flagsOf(view: View, { uid, flags }: Entry): readonly string[] {
  return view.isRecent(uid) ? [...flags, '\\Recent'] : flags;
}
