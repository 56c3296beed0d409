// What a client hears of an error.

import { Refusal } from '../base/errors.ts';
import type { Connection } from '../net/connection.ts';
import { ConnectionEnded, LineTooLong } from '../net/ended.ts';
import { LINE_TOO_LONG, LOCAL_ERROR, refusalReply } from './replies.ts';
import type { Reply } from './replies.ts';

/** A bug in one command must not end the conversation, and its words are not for the client. */
export function replyTo(error: unknown, connection: Connection): Reply {
  if (error instanceof ConnectionEnded) throw error;
  if (error instanceof LineTooLong) return LINE_TOO_LONG;
  if (error instanceof Refusal) return refusalReply(error.code, error.message);
  connection.report(error);
  return LOCAL_ERROR;
}
