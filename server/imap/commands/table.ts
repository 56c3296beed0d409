// Every command by its name.

import type { Command } from '../command.ts';
import { fetchCommand } from '../fetch/fetch.ts';
import { searchCommand } from '../search/search.ts';
import { sortCommand } from '../search/sort.ts';
import { threadCommand } from '../search/thread.ts';
import { append } from './append.ts';
import { copy, move } from './copy.ts';
import { compress, enable } from './enable.ts';
import { expunge } from './expunge.ts';
import { create, deleteCommand, rename } from './folders.ts';
import { idle } from './idle.ts';
import { list, lsub } from './list.ts';
import { authenticateCommand, login, starttls } from './login.ts';
import { notify } from './notify.ts';
import { getQuota, getQuotaRoot } from './quota.ts';
import { close, examine, select, unselect } from './select.ts';
import { capability, check, id, logout, namespace, noop } from './simple.ts';
import { status } from './status.ts';
import { store } from './store.ts';
import { subscribe, unsubscribe } from './subscribe.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['CAPABILITY', capability],
  ['NOOP', noop],
  ['LOGOUT', logout],
  ['ID', id],
  ['STARTTLS', starttls],
  ['AUTHENTICATE', authenticateCommand],
  ['LOGIN', login],
  ['ENABLE', enable],
  ['COMPRESS', compress],
  ['NAMESPACE', namespace],
  ['SELECT', select],
  ['EXAMINE', examine],
  ['UNSELECT', unselect],
  ['CLOSE', close],
  ['CHECK', check],
  ['CREATE', create],
  ['DELETE', deleteCommand],
  ['RENAME', rename],
  ['SUBSCRIBE', subscribe],
  ['UNSUBSCRIBE', unsubscribe],
  ['LIST', list],
  ['LSUB', lsub],
  ['STATUS', status],
  ['APPEND', append],
  ['IDLE', idle],
  ['NOTIFY', notify],
  ['FETCH', fetchCommand],
  ['SEARCH', searchCommand],
  ['SORT', sortCommand],
  ['THREAD', threadCommand],
  ['STORE', store],
  ['COPY', copy],
  ['MOVE', move],
  ['EXPUNGE', expunge],
  ['GETQUOTA', getQuota],
  ['GETQUOTAROOT', getQuotaRoot],
]);
