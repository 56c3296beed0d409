// The MIME tree as rows, and what of a part can be shown.

import type { Attachment, Part } from '../../../server/http/contract/types.ts';

export interface Node {
  readonly part: Part;
  /** Names it in the tree, as its number may be that of its container: `0`, `0.1`. */
  readonly path: string;
  /** From 1. */
  readonly level: number;
  /** From 1, among those of the same container. */
  readonly place: number;
  readonly siblings: number;
}

/** Every node that no closed one hides, from top to bottom. */
export function nodesOf(root: Part, closed: ReadonlySet<string>): Node[] {
  const nodes: Node[] = [];
  const open: Node[] = [{ part: root, path: '0', level: 1, place: 1, siblings: 1 }];
  for (let node = open.pop(); node; node = open.pop()) {
    const { part, path, level } = node;
    nodes.push(node);
    if (closed.has(path)) continue;
    const children = part.children.map((child, i, { length }) => ({
      part: child,
      path: `${path}.${i}`,
      level: level + 1,
      place: i + 1,
      siblings: length,
    }));
    open.push(...children.reverse());
  }
  return nodes;
}

/** The first part of a type, if there is one. */
export const firstOf = (root: Part, type: string): Part | undefined =>
  nodesOf(root, new Set()).find(({ part }) => part.type === type && part.disposition !== 'attachment')?.part;

export const partById = (root: Part, partId: string): Part | undefined =>
  nodesOf(root, new Set()).find(({ part }) => part.partId === partId && part.children.length === 0)?.part;

/** Types that a browser draws without running anything. SVG is none of them. */
const RASTER: readonly (readonly [type: string, at: number, magic: string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF87a'],
  ['image/gif', 0, 'GIF89a'],
  ['image/webp', 8, 'WEBP'],
  ['image/avif', 4, 'ftypavif'],
  ['image/bmp', 0, 'BM'],
];

/** The type of a picture by its first octets, whatever its label says. */
export function rasterType(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  return RASTER.find(([, at, magic]) => head.startsWith(magic, at))?.[0] ?? null;
}

const TEXTS = /^(text\/|message\/|application\/(.*\+)?(json|xml|javascript|x-sh|sql|yaml|pgp-.*|x-www-form-urlencoded)$|image\/svg\+xml$)/;

/** What is looked for in a part: a picture, text, or nothing that can be shown. */
export function kindOf(type: string, sniffed: string | null = null): 'picture' | 'text' | 'other' {
  const shown = sniffed ?? type;
  if (RASTER.some(([raster]) => raster === shown)) return 'picture';
  return TEXTS.test(shown) || (TEXTS.test(type) && sniffed === null) ? 'text' : 'other';
}

/** What the label says and what the content shows differ. */
export const isOdd = ({ type, sniffedType }: Pick<Attachment, 'type' | 'sniffedType'>): boolean =>
  sniffedType !== null && sniffedType !== type && !(TEXTS.test(type) && type !== 'text/html' && kindOf(sniffedType) === 'text');

export function decodeText(bytes: Uint8Array, charset: string | null): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}
