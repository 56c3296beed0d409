// What a route is, as data: the server checks requests by it, the description of the API is made from it.

import type { z } from '@hono/zod-openapi';
import type { ErrorStatus } from './errors.ts';

/** An answer that is no JSON. */
export interface BytesAnswer {
  readonly description: string;
  readonly types: readonly string[];
  /** Status besides 200, as 206. */
  readonly also?: Readonly<Record<number, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/v1`, with parameters in braces. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Fields of the query; others are refused by name. */
  readonly query?: z.ZodType;
  readonly params?: z.ZodType;
  /** A body in JSON; a missing one counts as `{}`. */
  readonly body?: z.ZodType;
  /** Also reads a whole message, `message/rfc822`. */
  readonly rfc822?: true;
  /** Instead of a body in JSON, a stream of one of these types, without limit. */
  readonly upload?: readonly string[];
  readonly answer: z.ZodType | BytesAnswer;
  readonly status?: 200 | 201 | 204;
  readonly errors: readonly ErrorStatus[];
}

export const endpoint = <const E extends Endpoint>(definition: E): E => definition;
