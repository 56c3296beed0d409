// The end of a connection after what was said last.

import type { Connection } from './connection.ts';

/** What is said in the end: the session may be over after it. */
export interface Said {
  readonly parting?: 'close' | 'reset';
}

/** Ends the connection after what was said; the listener closes what is not reset. */
export async function partWith(connection: Connection, how: 'close' | 'reset'): Promise<void> {
  connection.send();
  if (how === 'reset') await connection.close('reset');
}
