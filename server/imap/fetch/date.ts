// The dates of IMAP: `"24-Nov-2026 12:00:00 +0000"` and `24-Nov-2026` (RFC 9051 §9, date-time and date).

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

/** A date-time in UTC, without quotes; the day is padded with a space. */
export function formatDateTime(ms: number): string {
  const date = new Date(ms);
  const day = date.getUTCDate();
  return (
    `${day < 10 ? ' ' : ''}${day}-${MONTHS[date.getUTCMonth()]}-${String(date.getUTCFullYear()).padStart(4, '0')} ` +
    `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
  );
}

/** The day that `24-Nov-2026` names, as its start in UTC, ms; null where it is none. */
export function parseDay(text: string): number | null {
  const [, day, name = '', year] = /^(\d{1,2})-([a-z]{3})-(\d{4})$/i.exec(text) ?? [];
  const month = MONTHS.findIndex((each) => each.toLowerCase() === name.toLowerCase());
  if (day === undefined || month < 0) return null;
  const time = Date.UTC(Number(year), month, Number(day));
  return new Date(time).getUTCDate() === Number(day) ? time : null;
}
