// Where the parts of a message lie, kept small so that those of many messages can be remembered.

import type { MimePart } from '../../mail/mime.ts';

/** Offsets count octets of the raw message; ends are exclusive. */
export interface Outline {
  readonly headerStart: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly encoding: string;
  readonly children: readonly Outline[];
  readonly message: Outline | null;
}

const NONE: readonly Outline[] = Object.freeze([]);

/** The tree is as deep as `MimeLimits.mimeDepth` lets it be, so that recursion is safe. */
export function outlineOf({ headerStart, bodyStart, bodyEnd, encoding, children, message }: MimePart): Outline {
  return {
    headerStart,
    bodyStart,
    bodyEnd,
    encoding,
    children: children.length === 0 ? NONE : children.map(outlineOf),
    message: message && outlineOf(message),
  };
}

export const countParts = (outline: Outline): number =>
  outline.children.reduce((sum, child) => sum + countParts(child), 1) + (outline.message ? countParts(outline.message) : 0);
