// Types by content.

import { expect, test } from 'vitest';
import { sniff } from '../../../server/mail/sniff.ts';

test.each<[content: string, type: string | null]>([
  ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['GIF89a', 'image/gif'],
  ['RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
  ['RIFF\x10\0\0\0WAVEfmt ', 'audio/wav'],
  ['BM\x46\0\0\0\0\0\0\0', 'image/bmp'],
  ['BMW is a maker of cars', null],
  ['\0\0\x01\0\x01\0', 'image/x-icon'],
  ['%PDF-1.7\n', 'application/pdf'],
  ['PK\x03\x04\x14\0\0\0\0\0..hello.txt', 'application/zip'],
  ['PK\x03\x04\x14\0[Content_Types].xml ... word/document.xml', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['PK\x03\x04\x14\0[Content_Types].xml ... xl/workbook.xml', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['\x1f\x8b\x08', 'application/gzip'],
  ['ID3\x03', 'audio/mpeg'],
  ['\0\0\0\x18ftypmp42', 'video/mp4'],
  ['\0\0\0\x18ftypheic', 'image/heic'],
  ['MZ\x90\0\x03', 'application/x-msdownload'],
  ['\xef\xbb\xbf <!DOCTYPE html><html>', 'text/html'],
  ['<html lang=en>', 'text/html'],
  ['<svg xmlns="x">', 'image/svg+xml'],
  ['<?xml version="1.0"?>\n<!-- x --><svg>', 'image/svg+xml'],
  ['<?xml version="1.0"?>\n<note/>', 'application/xml'],
  ['BEGIN:VCALENDAR\r\n', 'text/calendar'],
  ['just text', null],
  ['', null],
])('%j is %s', (content, type) => {
  expect(sniff(Buffer.from(content, 'latin1'))).toBe(type);
});
