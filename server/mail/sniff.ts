// The type of a file by its first octets, whatever its name and label say.

interface Signature {
  readonly type: string;
  readonly at?: number;
  /** latin1 text of the octets. */
  readonly magic: string;
  /** More octets at a second place. */
  readonly then?: readonly [at: number, magic: string];
}

const SIGNATURES: readonly Signature[] = [
  { type: 'image/png', magic: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', magic: '\xff\xd8\xff' },
  { type: 'image/gif', magic: 'GIF87a' },
  { type: 'image/gif', magic: 'GIF89a' },
  { type: 'image/webp', magic: 'RIFF', then: [8, 'WEBP'] },
  { type: 'audio/wav', magic: 'RIFF', then: [8, 'WAVE'] },
  { type: 'video/x-msvideo', magic: 'RIFF', then: [8, 'AVI '] },
  { type: 'image/avif', at: 4, magic: 'ftypavif' },
  { type: 'image/heic', at: 4, magic: 'ftypheic' },
  { type: 'audio/mp4', at: 4, magic: 'ftypM4A' },
  { type: 'video/quicktime', at: 4, magic: 'ftypqt' },
  { type: 'video/mp4', at: 4, magic: 'ftyp' },
  { type: 'image/bmp', magic: 'BM', then: [6, '\0\0\0\0'] },
  { type: 'image/x-icon', magic: '\0\0\x01\0' },
  { type: 'image/tiff', magic: 'II*\0' },
  { type: 'image/tiff', magic: 'MM\0*' },
  { type: 'application/pdf', magic: '%PDF-' },
  { type: 'application/postscript', magic: '%!PS' },
  { type: 'application/rtf', magic: '{\\rtf' },
  { type: 'application/gzip', magic: '\x1f\x8b' },
  { type: 'application/x-bzip2', magic: 'BZh', then: [4, '1AY&SY'] },
  { type: 'application/x-xz', magic: '\xfd7zXZ\0' },
  { type: 'application/zstd', magic: '\x28\xb5\x2f\xfd' },
  { type: 'application/x-7z-compressed', magic: "7z\xbc\xaf'\x1c" },
  { type: 'application/vnd.rar', magic: 'Rar!\x1a\x07' },
  { type: 'application/x-tar', at: 257, magic: 'ustar' },
  { type: 'application/x-ole-storage', magic: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' },
  { type: 'application/x-msdownload', magic: 'MZ\x90\0' },
  { type: 'application/x-elf', magic: '\x7fELF' },
  { type: 'audio/mpeg', magic: 'ID3' },
  { type: 'audio/mpeg', magic: '\xff\xfb' },
  { type: 'audio/ogg', magic: 'OggS' },
  { type: 'audio/flac', magic: 'fLaC' },
  { type: 'video/webm', magic: '\x1aE\xdf\xa3' },
  { type: 'font/woff2', magic: 'wOF2' },
  { type: 'font/woff', magic: 'wOFF' },
  { type: 'application/wasm', magic: '\0asm' },
];

/** What a zip file is by the name of a file in its first kilobytes. */
const IN_ZIP: readonly (readonly [name: string, type: string])[] = [
  ['word/', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xl/', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt/', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['mimetypeapplication/vnd.oasis.opendocument.text', 'application/vnd.oasis.opendocument.text'],
  ['mimetypeapplication/vnd.oasis.opendocument.spreadsheet', 'application/vnd.oasis.opendocument.spreadsheet'],
  ['mimetypeapplication/epub+zip', 'application/epub+zip'],
  ['META-INF/MANIFEST.MF', 'application/java-archive'],
];

/** Of text without its comments. */
const TEXTS: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^<!doctype html|^<html[\s>]|^<(head|body|script|iframe|table|div)[\s>]/i, 'text/html'],
  [/^(<\?xml[^>]*>\s*)?(<!doctype svg[^>]*>\s*)?<svg[\s>]/i, 'image/svg+xml'],
  [/^<\?xml[^>]*>\s*(<!doctype html[^>]*>\s*)?<html[\s>]/i, 'text/html'],
  [/^<\?xml\s/i, 'application/xml'],
  [/^BEGIN:VCALENDAR\s/i, 'text/calendar'],
  [/^BEGIN:VCARD\s/i, 'text/vcard'],
];

const SEEN = 4096;

/** The type that the content shows, null where nothing tells. */
export function sniff(content: Buffer): string | null {
  const head = content.subarray(0, SEEN).toString('latin1');
  if (head.startsWith('PK\x03\x04')) return IN_ZIP.find(([name]) => head.includes(name))?.[1] ?? 'application/zip';
  const known = SIGNATURES.find(({ at = 0, magic, then }) => head.startsWith(magic, at) && (!then || head.startsWith(then[1], then[0])));
  if (known) return known.type;
  const text = head
    .replace(/^\xef\xbb\xbf/, '')
    .replace(/<!--[^]*?-->/g, '')
    .trimStart();
  return TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
