// The HTTP API of a Mailrig, as the flows ask it.

import type { Mailrig } from '../../server/app.ts';

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Any route, and whatever it answers. */
export async function ask<T>({ url }: Pick<Mailrig, 'url'>, method: string, path: string, json?: unknown): Promise<Answer<T>> {
  const answer = await fetch(new URL(`/v1${path}`, url), {
    method,
    ...(json !== undefined && { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}

/** The same where it is to go well: an error says what was refused. */
export async function api<T>(rig: Pick<Mailrig, 'url'>, method: string, path: string, json?: unknown): Promise<T> {
  const { status, body } = await ask<T>(rig, method, path, json);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
}
