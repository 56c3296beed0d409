// The routes of faults and of presets.

import { z } from '@hono/zod-openapi';
import { endpoint } from '../endpoint.ts';
import {
  appliedPreset,
  fault,
  faultHits,
  faultList,
  faultOptions,
  presetList,
  presetBody,
  ruleBody,
  ruleChange,
  ruleList,
} from '../faults.ts';

const tag = 'faults';
const id = z.object({ id: z.string().min(1) });
const before = z.string().optional().openapi({ description: 'Put before the fault of this id; empty: at the end.' });

// Those with a word come before those with an id.

export const listFaultOptions = endpoint({
  method: 'get',
  path: '/faults/options',
  tag,
  summary: 'What can be done where: the table that rules are checked by',
  answer: faultOptions,
  errors: [],
});

export const listPresets = endpoint({
  method: 'get',
  path: '/faults/presets',
  tag,
  summary: 'List the presets, each with the rules and states that it stands for',
  answer: presetList,
  errors: [],
});

export const makePreset = endpoint({
  method: 'post',
  path: '/faults/presets/{name}',
  tag,
  summary: 'Make the faults of a preset',
  params: z.object({ name: z.string().min(1) }),
  body: presetBody,
  answer: appliedPreset,
  status: 201,
  errors: [400, 404, 409, 413, 415, 422],
});

export const resetFaults = endpoint({
  method: 'post',
  path: '/faults/reset',
  tag,
  summary: 'Let the counters of all faults begin anew',
  answer: faultList,
  errors: [],
});

export const listFaults = endpoint({
  method: 'get',
  path: '/faults',
  tag,
  summary: 'List all faults, in the order in which they are asked',
  answer: faultList,
  errors: [],
});

export const createFault = endpoint({
  method: 'post',
  path: '/faults',
  tag,
  summary: 'Make a fault',
  query: z.strictObject({ before }),
  body: ruleBody,
  answer: fault,
  status: 201,
  errors: [400, 404, 409, 413, 415, 422],
});

export const replaceFaults = endpoint({
  method: 'put',
  path: '/faults',
  tag,
  summary: 'Replace the whole list',
  description: 'What stays as it was keeps its counters: doing it twice is doing it once.',
  body: ruleList,
  answer: faultList,
  errors: [400, 413, 415, 422],
});

export const stopFaults = endpoint({
  method: 'delete',
  path: '/faults',
  tag,
  summary: 'Stop all: no fault is left, whoever is held goes on, every host is up',
  answer: z.object({ deleted: z.number() }).openapi('FaultsDeleted'),
  errors: [],
});

export const openFault = endpoint({
  method: 'get',
  path: '/faults/{id}',
  tag,
  summary: 'A fault',
  params: id,
  answer: fault,
  errors: [404],
});

export const changeFault = endpoint({
  method: 'patch',
  path: '/faults/{id}',
  tag,
  summary: 'Change or move a fault',
  params: id,
  query: z.strictObject({ before }),
  body: ruleChange,
  answer: fault,
  errors: [400, 404, 413, 415, 422],
});

export const deleteFault = endpoint({
  method: 'delete',
  path: '/faults/{id}',
  tag,
  summary: 'Delete a fault; whoever it holds goes on',
  params: id,
  answer: z.object({ deleted: z.number() }).openapi('FaultDeleted'),
  errors: [404],
});

export const resetFault = endpoint({
  method: 'post',
  path: '/faults/{id}/reset',
  tag,
  summary: 'Let the counters of a fault begin anew',
  params: id,
  answer: fault,
  errors: [404],
});

export const listHits = endpoint({
  method: 'get',
  path: '/faults/{id}/hits',
  tag,
  summary: 'When a fault stepped in, the newest first; `maxFaultHits` are kept',
  params: id,
  answer: faultHits,
  errors: [404],
});
