// The drafts that this browser keeps in its storage, the newest few of them.

import type { Written } from './written.ts';

export interface Kept {
  readonly at: string;
  readonly written: Written;
  /** Names of its attachments, which are not kept. */
  readonly files: readonly string[];
}

const STORED = 'mailrig.drafts';
const MOST = 20;

function read(): Record<string, Kept> {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? '{}') as Record<string, Kept>;
  } catch {
    return {};
  }
}

function write(all: Record<string, Kept>): void {
  const newest = Object.entries(all).sort(([, a], [, b]) => b.at.localeCompare(a.at));
  try {
    localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(newest.slice(0, MOST))));
  } catch {
    // No room: the draft then lives as long as its tab.
  }
}

export const keptDraft = (place: string): Kept | undefined => read()[place];

export const keepDraft = (place: string, written: Written, files: readonly string[]): void =>
  write({ ...read(), [place]: { at: new Date().toISOString(), written, files } });

export function forgetDraft(place: string): void {
  const { [place]: own, ...others } = read();
  if (own) write(others);
}
