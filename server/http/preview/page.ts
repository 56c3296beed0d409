// The guarded page of one message: its HTML behind two walls, or its text, or a line that says there is neither.

import { decodeBody } from '../../mail/decode.ts';
import { linksInText } from '../../mail/links.ts';
import { allParts } from '../../mail/mime.ts';
import type { OpenedMessage } from '../../mail/open.ts';
import { sniff } from '../../mail/sniff.ts';
import { PREVIEW_LIMITS } from './resources.ts';
import type { PreviewLimits } from './resources.ts';
import { escapeHtml, sanitize } from './sanitize.ts';

const RASTER = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/avif', 'image/x-icon']);

// An opaque origin without script, form, frame or plug-in: the first wall, which holds alone.
const BASE_POLICY = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'";
const END_POLICY = "form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
const POLICY = {
  off: `${BASE_POLICY}; img-src data:; style-src 'unsafe-inline'; font-src data:; ${END_POLICY}`,
  on: `${BASE_POLICY}; img-src data: http: https:; style-src 'unsafe-inline' http: https:; font-src data: http: https:; media-src http: https:; ${END_POLICY}`,
};

/** Inline pictures by Content-ID, each decoded when it is first asked for; only what its first octets say is a picture. */
export function inlineImages(raw: Buffer, { root }: OpenedMessage, limits: PreviewLimits): (contentId: string) => string | null {
  const parts = new Map([...allParts(root)].flatMap((part) => (part.id === null ? [] : [[part.id.replace(/^<|>$/g, ''), part] as const])));
  const made = new Map<string, string | null>();
  return (contentId) => {
    const known = made.get(contentId);
    if (known !== undefined) return known;
    const part = parts.get(contentId);
    // Base64 is a third longer than what it holds: far too long ones are not even decoded.
    const content = part && part.bodyEnd - part.bodyStart <= limits.image * 2 ? decodeBody(raw, part) : null;
    const type = content && content.length <= limits.image ? sniff(content) : null;
    const image = content && type !== null && RASTER.has(type) ? `data:${type};base64,${content.toString('base64')}` : null;
    made.set(contentId, image);
    return image;
  };
}

/** Plain text with its links, as text. */
export function textPage(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { href } of linksInText(text)) {
    const start = text.indexOf(href, at);
    if (start < 0) continue;
    parts.push(escapeHtml(text.slice(at, start)));
    parts.push(`<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">${escapeHtml(href)}</a>`);
    at = start + href.length;
  }
  parts.push(escapeHtml(text.slice(at)));
  return `<pre style="white-space:pre-wrap;overflow-wrap:anywhere;margin:16px;font:13px/1.5 ui-monospace,monospace">${parts.join('')}</pre>`;
}

const page = (content: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><base target="_blank"><title>Message preview</title>${content}`;

export interface PreviewOptions {
  /** Let the browser load what lies elsewhere. */
  readonly remote: boolean;
  readonly limits?: PreviewLimits;
}

export function previewPage(raw: Buffer, opened: OpenedMessage, { remote, limits = PREVIEW_LIMITS }: PreviewOptions): Response {
  const sanitized =
    opened.html === null
      ? {
          html: textPage((opened.text ?? 'This message has neither HTML nor text.').slice(0, limits.html)),
          removed: new Map<string, number>(),
          remote: 0,
        }
      : sanitize(opened.html, { images: inlineImages(raw, opened, limits), remote, limits });
  return new Response(page(sanitized.html), {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY[remote ? 'on' : 'off'],
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-DNS-Prefetch-Control': 'off',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
      'X-Mailrig-Removed': Array.from(sanitized.removed, ([what, count]) => `${what}=${count}`).join(', '),
      'X-Mailrig-Remote': String(sanitized.remote),
    },
  });
}
