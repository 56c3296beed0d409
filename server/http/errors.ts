// One place that turns refusals, parse errors and bugs into the one shape of an error.

import { RequestError } from '@hono/node-server';
import { HTTPException } from 'hono/http-exception';
import { ParseError, Refusal } from '../base/errors.ts';
import { createIds } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { STATUS } from './contract/errors.ts';
import type { ErrorBody, ErrorCode } from './contract/types.ts';

const requestId = createIds();

/** Refuses for a reason that only HTTP knows. */
export class HttpRefusal extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    more: { details?: Readonly<Record<string, unknown>>; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = 'HttpRefusal';
    this.code = code;
    this.details = more.details;
    this.headers = more.headers ?? {};
  }
}

function answer(code: ErrorCode, message: string, details?: Readonly<Record<string, unknown>>, headers?: Record<string, string>): Response {
  const body: ErrorBody = { error: { code, message, ...(details && { details: { ...details } }) } };
  return Response.json(body, { status: STATUS[code], headers: { 'Cache-Control': 'no-store', ...headers } });
}

export function errorAnswer(error: unknown, log: Log): Response {
  if (error instanceof HttpRefusal) return answer(error.code, error.message, error.details, error.headers);
  if (error instanceof Refusal) return answer(error.code, error.message, error.details);
  if (error instanceof ParseError)
    return answer('malformed', `q: ${error.message} (column ${error.column})`, { field: 'q', column: error.column });
  if (error instanceof RequestError || error instanceof URIError || (error instanceof HTTPException && error.status < 500)) {
    return answer('malformed', error.message || 'this is no request that can be read');
  }
  const id = requestId();
  log.error('bug while answering a request', { request: id, error });
  return answer('internal', `something went wrong here; it is logged as ${id}`, { request: id });
}
