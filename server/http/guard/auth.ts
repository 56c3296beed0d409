// Who may in, where a login is asked for: Basic, the cookie of POST /v1/login, or a bearer token.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { HttpContext, HttpEnv, HttpSettings } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';

const COOKIE_LIFE = 7 * 24 * 3600; // seconds
const PREVIEW_LIFE = 60_000;

// Digests have one length, so that the time of a comparison tells nothing about the secret.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));

export interface Auth {
  readonly required: boolean;
  /** True for the right user and password. */
  login(user: string, password: string): boolean;
  /** The Set-Cookie value that lets a page in. */
  cookie(context: HttpContext): string;
  /** What the preview's address must carry; null where no login is asked for. */
  previewToken(id: string): string | null;
  /** Lets in whoever proves to be allowed, else refuses with 401. */
  readonly middleware: MiddlewareHandler<HttpEnv>;
}

export interface AuthParts {
  readonly settings: Pick<HttpSettings, 'auth' | 'token' | 'basePath'>;
  readonly now: () => number;
  /** Paths that answer everybody. */
  readonly open: readonly string[];
  /** The id in the path of a preview, which takes no cookie but a token of its own; null for other paths. */
  readonly previewOf: (path: string) => string | null;
}

export function createAuth({ settings, now, open, previewOf }: AuthParts): Auth {
  const { auth, token, basePath } = settings;
  const key = randomBytes(32);
  const required = auth !== null || token !== null;
  const challenge = auth === null ? 'Bearer realm="mailrig"' : 'Basic realm="mailrig", charset="UTF-8"';

  const sign = (purpose: string, value: string): string => createHmac('sha256', key).update(`${purpose}\n${value}`).digest('base64url');
  /** `expiry.signature`, good for one purpose until then. */
  const ticket = (purpose: string, life: number): string => {
    const until = (now() + life).toString(36);
    return `${until}.${sign(purpose, until)}`;
  };
  const isTicket = (purpose: string, text: string): boolean => {
    const [until = '', signature = ''] = text.split('.');
    return same(signature, sign(purpose, until)) && Number.parseInt(until, 36) >= now();
  };

  // Cookies do not know ports: two servers on one machine must not take each other's away.
  const cookieName = (context: HttpContext): string => `mailrig_${/:(\d+)$/.exec(context.get('peer').host)?.[1] ?? 'default'}`;

  function hasCookie(context: HttpContext): boolean {
    const name = `${cookieName(context)}=`;
    const found = (context.req.header('cookie') ?? '').split(';').map((pair) => pair.trim());
    return found.some((pair) => pair.startsWith(name) && isTicket('cookie', pair.slice(name.length)));
  }

  // For each request that a page makes a browser would open its own window for Basic; ours asks in the page, and wants the cookie.
  const challengeOf = (context: HttpContext): string =>
    context.req.header('sec-fetch-dest') === 'empty' ? 'Cookie realm="mailrig"' : challenge;

  const isLogin = (given: string): boolean => auth !== null && same(given, auth);

  function hasAuthorization(context: HttpContext): boolean {
    const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(context.req.header('authorization') ?? '') ?? [];
    if (scheme.toLowerCase() === 'bearer') return token !== null && same(value, token);
    return scheme.toLowerCase() === 'basic' && isLogin(Buffer.from(value, 'base64').toString());
  }

  function isIn(context: HttpContext): boolean {
    if (hasAuthorization(context)) return true;
    const preview = previewOf(context.req.path);
    if (preview === null) return hasCookie(context);
    return isTicket(`preview ${preview}`, context.req.query('token') ?? '');
  }

  const cookie = (context: HttpContext): string =>
    `${cookieName(context)}=${ticket('cookie', COOKIE_LIFE * 1000)}; Path=${basePath}; Max-Age=${COOKIE_LIFE}; HttpOnly; SameSite=Strict${context.get('peer').secure ? '; Secure' : ''}`;

  return {
    required,
    login: (user, password) => isLogin(`${user}:${password}`),
    cookie,
    previewToken: (id) => (required ? ticket(`preview ${id}`, PREVIEW_LIFE) : null),
    middleware: async (context, next) => {
      if (!required || open.includes(context.req.path)) return next();
      if (!isIn(context)) {
        throw new HttpRefusal('auth-required', 'a login is needed', { headers: { 'WWW-Authenticate': challengeOf(context) } });
      }
      await next();
      // A browser that logged in by Basic does not send that with a WebSocket everywhere; the cookie it does.
      const isPage = context.res.headers.get('content-type')?.startsWith('text/html') === true && previewOf(context.req.path) === null;
      if (auth !== null && isPage && !hasCookie(context)) context.header('Set-Cookie', cookie(context));
    },
  };
}
