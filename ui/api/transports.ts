// The ways on which the server's events come to the page, the best first; all of them open, tell, and end alike.

import type { Frame } from '../../server/http/contract/types.ts';
import { eventsUrl, liveUrl, peekMessages, type Standpoint } from './client.ts';

export interface Listener {
  opened(): void;
  /** `gap`: something happened, and what it was is not told. */
  heard(frame: Frame | 'gap'): void;
  /** Also when it never opened. */
  closed(): void;
}

export interface Transport {
  /** Failures in a row until the next way is tried. */
  readonly tries: number;
  /** Whether it goes on after `since`. */
  readonly resumes: boolean;
  /** Returns what ends it; after that it tells nothing more. */
  open(standpoint: Standpoint, listener: Listener): () => void;
}

/** ms */
const POLL_EVERY = 5_000;

const frameOf = ({ data }: MessageEvent<string>): Frame => JSON.parse(data) as Frame;

const socket: Transport = {
  tries: 3,
  resumes: true,
  open(standpoint, { opened, heard, closed }) {
    const source = new WebSocket(liveUrl(standpoint));
    source.onopen = opened;
    source.onmessage = (event: MessageEvent<string>) => heard(frameOf(event));
    source.onclose = closed;
    return () => {
      source.onopen = source.onmessage = source.onclose = null;
      source.close();
    };
  },
};

const stream: Transport = {
  tries: 1,
  resumes: true,
  open(standpoint, { opened, heard, closed }) {
    const source = new EventSource(eventsUrl(standpoint));
    source.onopen = opened;
    source.onmessage = (event: MessageEvent<string>) => heard(frameOf(event));
    source.onerror = closed;
    return () => {
      source.onopen = source.onmessage = source.onerror = null;
      source.close();
    };
  },
};

/** Asks for the top of the list, and tells that it changed; what changed further down is not seen. */
export const polling: Transport = {
  tries: 1,
  resumes: false,
  open({ what }, { opened, heard, closed }) {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let before: string | undefined;
    const poll = async (): Promise<void> => {
      try {
        const now = await peekMessages(what.q, ending.signal, what);
        if (before === undefined) opened();
        else if (now !== before) heard('gap');
        before = now;
        timer = setTimeout(() => void poll(), POLL_EVERY);
      } catch {
        if (!ending.signal.aborted) closed();
      }
    };
    void poll();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  },
};

export const transports = [socket, stream, polling] as const satisfies readonly Transport[];
