// The HTTP API of a server that is a process of its own.

import type { RunningRig } from '../bench/rig.ts';
import type { ListOf } from '../../server/http/contract/types.ts';

const PAGE = 500;

/** Any route: what it answers, or an error where it refuses. */
export async function api<T>({ http }: Pick<RunningRig, 'http'>, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${http}/v1${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Of a list, page after page. */
export async function all<T>(rig: Pick<RunningRig, 'http'>, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor = ''; ;) {
    const page = await api<ListOf<T>>(rig, 'GET', `${path}?limit=${PAGE}${cursor && `&cursor=${cursor}`}`);
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = page.next;
  }
}
