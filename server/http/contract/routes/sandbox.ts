// The routes of hosts and of the clock.

import { z } from '@hono/zod-openapi';
import { endpoint } from '../endpoint.ts';
import { advance, advanced, clockState, host, hostChange, hostList } from '../sandbox.ts';

export const listHosts = endpoint({
  method: 'get',
  path: '/hosts',
  tag: 'hosts',
  summary: 'List the mail servers with their states and what they have done',
  answer: hostList,
  errors: [],
});

export const changeHost = endpoint({
  method: 'patch',
  path: '/hosts/{name}',
  tag: 'hosts',
  summary: 'Put a mail server into a state: `down` really stops listening',
  params: z.object({ name: z.string().min(1) }),
  body: hostChange,
  answer: host,
  errors: [400, 404, 409, 413, 415, 422],
});

export const readClock = endpoint({
  method: 'get',
  path: '/clock',
  tag: 'clock',
  summary: 'The clock of faults, and what is due',
  answer: clockState,
  errors: [],
});

export const advanceClock = endpoint({
  method: 'post',
  path: '/clock/advance',
  tag: 'clock',
  summary: 'Move the clock on, event by event; answers when all that was due has run',
  body: advance,
  answer: advanced,
  errors: [400, 409, 413, 415, 422],
});

const move = <const P extends string>(path: P, summary: string) =>
  endpoint({ method: 'post', path, tag: 'clock', summary, answer: clockState, errors: [409] });

export const freezeClock = move('/clock/freeze', 'Let the clock stand');
export const resumeClock = move('/clock/resume', 'Let the clock go on from where it stands');
export const resetClock = move('/clock/reset', 'Set the clock to real time');
