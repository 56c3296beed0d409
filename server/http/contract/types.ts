// What the HTTP API answers and tells, as plain interfaces: the page, tests and programs build on these and on nothing else.

export type * from './types/accounts.ts';
export type * from './types/delivery.ts';
export type * from './types/errors.ts';
export type * from './types/faults.ts';
export type * from './types/info.ts';
export type * from './types/live.ts';
export type * from './types/messages.ts';
export type * from './types/sessions.ts';
export type * from './types/archive.ts';
