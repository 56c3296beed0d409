// One-time codes in the text of a message: digits or letters that stand near a word that announces them.

/** Words that announce a code, in the languages that senders write in. */
const ANNOUNCE =
  /(?<![\p{L}-])(?:one[- ]?time|otp|pass ?codes?|codes?|pin|tan|2fa|mfa|verification|verify|verifizierung\p{L}*|\p{L}*(?:codes?|kode|pin)|(?:einmal)?passwort|c[oó]digos?|codice|kodu?|kods?|kodeks|код\p{L}*|пароль|κωδικ\p{L}*|رمز|קוד|รหัส|mã|(?:log ?in|sign ?in|temporary) password)(?!\p{L})|コード|認証|ワンタイム|验证码|校验码|動態碼|驗證碼|动态码|인증번호|인증 ?코드/giu;

/** What makes another thing of such a word: a postal code, an error code, a QR code. */
const OTHER_CODE =
  /(?:\b(?:postal|post|zip|promo(?:tion(?:al)?)?|discount|coupon|voucher|gift|offer|referral|error|exit|status|response|country|area|dial(?:ing)?|source|qr|bar|dress|product|item|tracking|sort|swift|iban|tax|reason|html|morse|color|colour)[ -]?|\b(?:zip|qr|bar|post))$/iu;
const OTHER_AFTER = /^(?:s)?\s*(?:of conduct|review|base|snippet|sample|block|postal|promocional|de descuento|promo\b)/iu;

/** Numbers that are called something else just before them. */
const NAMED =
  /(?:\b(?:orders?|order (?:no|number|id)|invoices?|receipts?|tickets?|cases?|ref(?:erence)?s?|bookings?|reservations?|tracking|customers?|account|acct|card|ending(?: in| with)?|ends in|version|v|build|port|page|room|suite|floor|issue|id|phone|tel|fax|mobile|call|sms|zip|apt|since|year|copyright|©|\(c\)|total|amount|sum|price|usd|eur|gbp|chf|rs|bestell\p{L}*|rechnung\p{L}*|kunden\p{L}*|auftrag\p{L}*|commande|facture|pedido|factura|ordine)|注文番号|订单号?|電話)(?:\s*(?:no|nr|num|number|id|nummer|numéro|número))?[\s.:#№°-]*$/iu;

/** Units after a number. */
const UNIT =
  /^\s?(?:%|€|\$|£|¥|₹|°|(?:usd|eur|gbp|chf|jpy|inr|kr|kb|mb|gb|kg|km|cm|mm|m²|px|ms|seconds?|secs?|minutes?|mins?|hours?|days?|weeks?|months?|years?|times|points|people|users|items|characters|digits?|digit|minuten|stunden|tage|stellig\p{L}*|minutos|horas|días|jours|heures|分|時間|日|年|円|元)(?!\p{L}))/iu;

// Digits in one run or in groups of equal size, letters with digits, single digits in boxes; never a piece of something longer.
const CANDIDATE =
  /(?<![A-Za-z\u00c0-\u0fff\p{N}_@/\\=&?%+$€£¥₹#*.,-]|[\p{N}][ .,:/-])(?:(?:[A-Z]{1,2}-)?\d{4,8}|\d{3}[ -]\d{3}|\d{4}[ -]\d{4}|\d{2}[ -]\d{2}[ -]\d{2}|\d(?:[ \n]\d){3,7}|(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z0-9]{6,10}|(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z0-9]{3,5}-[A-Z0-9]{3,5})(?![A-Za-z\u00c0-\u0fff\p{N}_@/\\=&+*]|[.,:/-]\p{N}|[ ]\p{N})/gu;

/** Compounds that end in "code" and are none of ours. */
const OTHER_WORD = /^(?:zip|post|qr|bar|promo|gutschein|rabatt|fehler|error|postleit|strich|quell)/iu;
const YEAR_AS_CODE = /(?:code|pin|otp|код|コード|码)\p{L}*(?: is)?\s?:?\s*$/iu;

/** Characters that are looked at: a code stands in the first screens of a mail. */
const TEXT_LIMIT = 50_000;

// Bounded, so that a long run of letters costs no more than its length.
// Bounded, and begun only where a word begins: a message may be one run of a million letters.
const LINKS = /\b(?:[a-z][a-z0-9+.-]{0,30}:\/\/|www\.)\S{1,2000}|(?<![^\s@<>])[^\s@<>]{1,64}@[^\s@<>]{1,255}/giu;

/** How far after or before its word a code may stand, in characters. */
const FOLLOWS = 90;
const PRECEDES = 60;

/** `482913 is your code`, `use 482913 to verify`: the code stands before the word. */
const IS_YOUR = /^\s*(?:[—–-]\s|(?:is|are|as|to|for|ist|als|est|comme|es|como|è|är|er|jest|is je|это|—)(?!\p{L})|は|が|을|를|이|是|为)/iu;

/** Between the codes of a list. */
const LIST = /^\s*(?:,|;|\||and|or|und|oder|\n)?\s*$/i;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Words that announce a code. */
function announcements(text: string): Span[] {
  const spans = Array.from(text.matchAll(ANNOUNCE), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    word: match[0],
  }));
  return spans.filter(
    ({ start, end, word }) =>
      !OTHER_CODE.test(text.slice(Math.max(0, start - 20), start)) &&
      !OTHER_AFTER.test(text.slice(end, end + 24)) &&
      !OTHER_WORD.test(word),
  );
}

/** Digits and letters that may be a code by their form and are not called something else. */
function candidates(text: string): Span[] {
  const spans = Array.from(text.matchAll(CANDIDATE), (match) => ({ start: match.index, end: match.index + match[0].length }));
  return spans.filter(({ start, end }) => {
    const before = text.slice(Math.max(0, start - 40), start);
    if (NAMED.test(before) || UNIT.test(text.slice(end, end + 16))) return false;
    // A year needs the word right before it to be a code.
    return !/^(?:19|20)\d\d$/.test(text.slice(start, end)) || YEAR_AS_CODE.test(before);
  });
}

/** The candidate that a word announces, as an index; -1 where there is none. */
function announced(text: string, word: Span, spans: readonly Span[]): number {
  const next = spans.findIndex(({ start }) => start >= word.end);
  const last = (next < 0 ? spans.length : next) - 1;
  const before = spans[last];
  const between = before ? text.slice(before.end, word.start) : '';
  const precedes = before !== undefined && word.start - before.end <= PRECEDES && !/[.!?]\s|\n\s*\n/.test(between);
  if (precedes && IS_YOUR.test(between)) return last;
  const after = spans[next];
  if (after && after.start - word.end <= FOLLOWS) return next;
  return precedes ? last : -1;
}

/** The codes of a text in order, each once; separators of digit groups are dropped: `774 021` is `774021`. */
export function codesIn(text: string): string[] {
  const visible = text
    .slice(0, TEXT_LIMIT)
    .normalize('NFKC')
    .replace(LINKS, (link) => ' '.repeat(link.length));
  const spans = candidates(visible);
  if (spans.length === 0) return [];
  const chosen = new Set(announcements(visible).map((word) => announced(visible, word, spans)));
  spans.forEach((span, i) => {
    const previous = spans[i - 1];
    if (previous && chosen.has(i - 1) && LIST.test(visible.slice(previous.end, span.start))) chosen.add(i);
  });
  const codes = spans.filter((_, i) => chosen.has(i)).map(({ start, end }) => visible.slice(start, end));
  return [...new Set(codes.map((code) => (/^[\d\s-]+$/.test(code) ? code.replace(/[\s-]/g, '') : code)))];
}
