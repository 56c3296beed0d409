// xtext: how a parameter carries any octets in printable ASCII (RFC 3461 §4).

const XTEXT = /^(?:[!-*,-<>-~\u0080-\uffff]|\+[0-9A-F]{2})*$/;

/** Null where it is no xtext or no UTF-8. Letters beyond ASCII may stand for themselves (RFC 6533 §3). */
export function decodeXtext(text: string): string | null {
  if (!XTEXT.test(text)) return null;
  if (!text.includes('+')) return text;
  const octets = Buffer.from(text)
    .toString('latin1')
    .replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const decoded = Buffer.from(octets, 'latin1').toString();
  return decoded.includes('\ufffd') ? null : decoded;
}

export const encodeXtext = (text: string): string =>
  text.replace(/[^!-*,-<>-~]/gu, (letter) =>
    Buffer.from(letter).reduce((hex, octet) => `${hex}+${octet.toString(16).toUpperCase().padStart(2, '0')}`, ''),
  );
