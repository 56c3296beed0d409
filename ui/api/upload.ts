// Sends what may be large and says how much of it has gone: `fetch` cannot tell.

import { API, Failure, failureOf } from './client.ts';

export interface Upload {
  readonly path: string;
  readonly type: string;
  readonly body: Blob;
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  onshare(share: number): void;
}

/** Resolves to the answer. Throws a Failure; an aborted one throws the signal's reason. */
export function upload<T>({ path, type, body, signal, onshare }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const request = new XMLHttpRequest();
    request.open('POST', new URL(path, API));
    request.setRequestHeader('content-type', type);
    request.upload.onprogress = ({ loaded, total }) => onshare(total === 0 ? 1 : loaded / total);
    request.onload = () => {
      const { status, statusText, responseText } = request;
      if (status < 300) resolve(JSON.parse(responseText) as T);
      else failureOf(new Response(responseText, { status, statusText })).then(reject, reject);
    };
    request.onerror = () => reject(new Failure(0, 'unreachable', 'The server does not answer.'));
    request.onabort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
