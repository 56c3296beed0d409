// The one shape of every error, and the status of each code.

import { z } from '@hono/zod-openapi';
import type { RefusalCode } from '../../base/errors.ts';
import type { ErrorBody, ErrorCode } from './types.ts';
import { json } from './lists.ts';

export type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 416 | 422 | 500 | 503 | 507;

/** Never 408: browsers send such a request again by themselves. */
export const STATUS: Readonly<Record<ErrorCode | RefusalCode, ErrorStatus>> = {
  malformed: 400,
  'auth-required': 401,
  'auth-failed': 401,
  forbidden: 403,
  'not-found': 404,
  'not-arrived': 404,
  gone: 404,
  conflict: 409,
  arrived: 409,
  'too-large': 413,
  'unsupported-type': 415,
  'range-not-satisfiable': 416,
  unprocessable: 422,
  internal: 500,
  busy: 503,
  unavailable: 503,
  'storage-full': 507,
};

const codes = Object.keys(STATUS) as [ErrorCode, ...ErrorCode[]];

export const errorBody = z
  .object({
    error: z.object({
      code: z.enum(codes),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .openapi('Error') satisfies z.ZodType<ErrorBody>;

const MEANING: Readonly<Record<ErrorStatus, string>> = {
  400: 'Malformed: the message names the field, or the column of a query',
  401: 'A login is needed',
  403: 'The guard refuses this caller',
  404: 'Unknown, or `gone` when it is known to be deleted',
  409: 'Conflict with the present state',
  413: 'Too large',
  415: 'A body of this type is not read here',
  416: 'The range lies outside the body',
  422: 'Understood, but it can never work',
  500: 'A bug: the message gives the id under which it is logged',
  503: 'Shutting down, or a limit on concurrent work is reached',
  507: 'No room is left, and nothing may be dropped to make some',
};

/** The error answers of a route. */
export const errors = <S extends ErrorStatus>(...statuses: S[]) =>
  Object.fromEntries(statuses.map((status) => [status, json(errorBody, MEANING[status])])) as Record<
    S,
    ReturnType<typeof json<typeof errorBody>>
  >;
