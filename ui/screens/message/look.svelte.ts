// How previews are looked at; it stays for the next message, but for what was loaded from elsewhere.

import type { MessageDetail } from '../../../server/http/contract/types.ts';
import { ask } from '../../api/client.ts';
import { preferences } from '../../preferences.svelte.ts';

/** `dark` lets the author's own styles decide, `forced` guesses at what readers do that darken by themselves. */
export const SCHEMES = ['light', 'dark', 'forced'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** px; null is as wide as the pane. */
export const WIDTHS = [320, 375, 414, 480, 600, 768, null] as const;
export const NARROWEST = 240;
export const WIDEST = 2000;
/** Percent. */
export const ZOOMS = [50, 75, 100, 125, 150, 200] as const;

/** The guarded page, and what it leaves out; the frame itself can tell us nothing. */
export interface Guarded {
  readonly src: string;
  readonly remote: number;
  /** Kind → how often. */
  readonly removed: readonly (readonly [kind: string, count: number])[];
}

class Look {
  #width: number | null = $state(null);
  zoom = $state(100);
  scheme: Scheme = $state('light');
  images = $state(true);
  styles = $state(true);
  /** Of the open message. */
  guarded: Guarded | undefined = $state.raw();
  /** For one message it was said whether to load what lies elsewhere. */
  #said: { readonly id: string; readonly remote: boolean } | undefined = $state.raw();

  get width(): number | null {
    return this.#width;
  }

  set width(width: number | null) {
    this.#width = width === null ? null : Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
  }

  nextWidth(): void {
    const wider = WIDTHS.find((width) => width !== null && width > (this.#width ?? Infinity));
    this.#width = wider ?? (this.#width === null ? WIDTHS[0] : null);
  }

  nextScheme(): void {
    this.scheme = SCHEMES[(SCHEMES.indexOf(this.scheme) + 1) % SCHEMES.length] ?? 'light';
  }

  remote(id: string): boolean {
    return this.#said?.id === id ? this.#said.remote : preferences.remote;
  }

  load(id: string, remote: boolean): void {
    this.#said = { id, remote };
  }

  /** What was loaded for another message is forgotten. */
  enter(id: string): void {
    if (this.#said?.id !== id) this.#said = undefined;
    this.guarded = undefined;
  }

  address({ id, previewUrl }: MessageDetail): string {
    const url = new URL(previewUrl, location.href);
    url.searchParams.set('remote', this.remote(id) ? '1' : '0');
    if (!this.images) url.searchParams.set('images', '0');
    if (!this.styles) url.searchParams.set('style', '0');
    if (this.scheme === 'forced') url.searchParams.set('scheme', 'forced');
    return url.href;
  }
}

export const look = new Look();

/** `script=1, event=3` */
export const readRemoved = (field: string): (readonly [string, number])[] =>
  field.split(', ').flatMap((entry) => {
    const [kind = '', count] = entry.split('=');
    return Number(count) > 0 ? [[kind, Number(count)] as const] : [];
  });

/** Asks first what the guarded page leaves out. */
export async function askGuarded(src: string, signal: AbortSignal): Promise<Guarded> {
  const { headers } = await ask(src, { method: 'HEAD', signal });
  return {
    src,
    remote: Number(headers.get('x-mailrig-remote') ?? 0),
    removed: readRemoved(headers.get('x-mailrig-removed') ?? ''),
  };
}
