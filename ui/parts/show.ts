// Makes what mail says fit to be shown: odd characters visible, sizes, times.

import { number, text } from '../text.ts';

/** Control characters, and those that turn the direction of text or hide in it: they could make an address look like another. */
const ODD = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** For one line: such characters show as a replacement sign, line ends as a space. */
export const plain = (value: string): string => value.replace(/[\t\r\n]+/g, ' ').replace(ODD, '\ufffd');

/** `512 B`, `203 KB`, `1.4 MB`. */
export function size(octets: number): string {
  if (octets < 1000) return `${octets} B`;
  const [value, unit] = octets < 1_000_000 ? [octets / 1000, 'KB'] : [octets / 1_000_000, 'MB'];
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, '') : number(Math.round(value))} ${unit}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const exact = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const year = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

export const clockTime = (time: number | string): string => clock.format(new Date(time));
export const exactTime = (time: string): string => exact.format(new Date(time));

/** The time of today, the day and time of this year, else the date. */
export function rowTime(time: string, now = new Date()): string {
  const then = new Date(time);
  if (then.toDateString() === now.toDateString()) return clock.format(then);
  return then.getFullYear() === now.getFullYear() ? `${day.format(then)} ${clock.format(then).slice(0, 5)}` : year.format(then);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, for a week; what is older, or lies ahead, as `rowTime` has it. */
export function relativeTime(time: string, now = Date.now()): string {
  const ago = now - Date.parse(time);
  if (ago < -MINUTE || ago >= 7 * DAY) return rowTime(time, new Date(now));
  if (ago < MINUTE) return text.justNow;
  if (ago < HOUR) return text.minutesAgo(Math.floor(ago / MINUTE));
  return ago < DAY ? text.hoursAgo(Math.floor(ago / HOUR)) : text.daysAgo(Math.floor(ago / DAY));
}

const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const two = (n: number): string => String(Math.floor(Math.abs(n))).padStart(2, '0');

/** ISO 8601 in the time of this place, with its zone: `2026-01-31T15:02:11.482+01:00 Europe/Berlin`. */
export function isoHere(time: string): string {
  const then = new Date(time);
  const east = -then.getTimezoneOffset();
  const local = new Date(then.getTime() + east * MINUTE).toISOString().slice(0, -1);
  return `${local}${east < 0 ? '-' : '+'}${two(east / 60)}:${two(east % 60)} ${zone}`;
}
