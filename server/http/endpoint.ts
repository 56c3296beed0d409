// Serves a route of the contract: the request is checked by its schemas, the answer is the value that the handler gives.

import type { z } from '@hono/zod-openapi';
import type { Endpoint } from './contract/endpoint.ts';
import type { HttpApp, HttpContext } from './deps.ts';
import { HttpRefusal } from './errors.ts';
import { contentType, MESSAGE_TYPE, readBody } from './guard/body.ts';

type Read<S> = S extends z.ZodType ? z.output<S> : undefined;
type Answer<E extends Endpoint> = E['answer'] extends z.ZodType ? z.input<E['answer']> | Response : Response;

export interface Asked<E extends Endpoint> {
  readonly query: Read<E['query']>;
  readonly params: Read<E['params']>;
  readonly body: Read<E['body']>;
  /** A whole message that came as the body, in routes that read one: `body` is then not checked and empty. */
  readonly raw: Buffer | null;
  readonly context: HttpContext;
}

export type Serve = <E extends Endpoint>(endpoint: E, answer: (asked: Asked<E>) => Answer<E> | Promise<Answer<E>>) => void;

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
}

const fieldOf = (path: readonly PropertyKey[]): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`)).join('');

/** The first thing that is wrong, in words that begin with the field's name. */
function refuse(where: string, issue: Issue): HttpRefusal {
  const [unknown] = issue.keys ?? [];
  if (issue.code === 'unrecognized_keys' && unknown !== undefined) {
    const field = fieldOf([...issue.path, unknown]);
    return new HttpRefusal('malformed', `${field}: unknown field of the ${where}`, { details: { field } });
  }
  const field = fieldOf(issue.path) || where;
  return new HttpRefusal('malformed', `${field}: ${issue.message.replace(/^Invalid input: /, '')}`, { details: { field } });
}

function check(schema: z.ZodType | undefined, where: string, value: unknown): unknown {
  if (schema === undefined) {
    const [unknown] = where === 'query' ? Object.keys(value as object) : [];
    if (unknown !== undefined) throw refuse(where, { code: 'unrecognized_keys', path: [], message: '', keys: [unknown] });
    return undefined;
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refuse(where, result.error.issues[0] as Issue);
}

/** A field of this name would be passed over where fields are read one by one: what it was meant to narrow would be wide open. */
const PROTOTYPE = '__proto__';
const mayHavePrototype = (text: string): boolean => text.includes(PROTOTYPE) || text.includes('\\u00');

function refusePrototype(name: string, value: unknown): unknown {
  if (name === PROTOTYPE) throw new HttpRefusal('malformed', `${PROTOTYPE}: unknown field of the body`, { details: { field: PROTOTYPE } });
  return value;
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  const text = bytes.toString();
  try {
    return JSON.parse(text, mayHavePrototype(text) ? refusePrototype : undefined);
  } catch (error) {
    if (error instanceof HttpRefusal) throw error;
    throw new HttpRefusal('malformed', `body: is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const queryOf = (context: HttpContext): Record<string, string | string[] | undefined> =>
  Object.fromEntries(Object.entries(context.req.queries()).map(([name, values]) => [name, values.length > 1 ? values : values[0]]));

/** `bodyLimit` in octets, 0 = unlimited. */
export function serving(app: HttpApp, bodyLimit: number): Serve {
  return (endpoint, answer) => {
    app.on(endpoint.method, endpoint.path.replace(/\{(\w+)\}/g, ':$1'), async (context) => {
      const query = check(endpoint.query, 'query', queryOf(context));
      const params = check(endpoint.params, 'path', context.req.param());
      const bytes = endpoint.body ? await readBody(context, bodyLimit) : null;
      const isMessage = bytes !== null && bytes.length > 0 && contentType(context) === MESSAGE_TYPE;
      if (isMessage && !endpoint.rfc822) throw new HttpRefusal('unsupported-type', 'this route reads application/json');
      const raw = isMessage ? bytes : null;
      const body = bytes === null || isMessage ? undefined : check(endpoint.body, 'body', parseJson(bytes));
      // The schemas of this very endpoint have read all of them.
      const value = await answer({ query, params, body, raw, context } as Asked<typeof endpoint>);
      return value instanceof Response ? value : context.json(value as object, endpoint.status === 201 ? 201 : 200);
    });
  };
}
