// Dates of header fields (RFC 5322 §3.3), read leniently and written strictly.

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH_NUMBERS = new Map(MONTHS.map((name, i) => [name.toLowerCase(), i]));

/** Obsolete zone names in hours (§4.3); any other name, military ones too, is -0000. */
const ZONES: ReadonlyMap<string, number> = new Map(
  Object.entries({ edt: -4, est: -5, cdt: -5, cst: -6, mdt: -6, mst: -7, pdt: -7, pst: -8 }),
);

const DATE =
  /^(?:[a-z]+[\s.,]+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?,?[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?\s*(?:([+-])(\d{2}):?(\d{2})|([a-z]+))?/i;

/** §4.3: two digits are 1950 to 2049, three count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return digits.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

/** Milliseconds since 1970, null where the text is no date; comments, day names and odd zones do not matter. */
export function parseDate(text: string): number | null {
  const plain = text.includes('(') ? text.replace(/\([^()]*\)/g, ' ') : text;
  const match = DATE.exec(plain.trim());
  if (!match) return null;
  const [, day = '', monthName = '', year = '', hour = '', minute = '', second = '0', sign, zoneHours = '0', zoneMinutes = '0', zone = ''] =
    match;
  const month = MONTH_NUMBERS.get(monthName.toLowerCase());
  if (month === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const midnight = Date.UTC(fullYear(year), month, Number(day));
  // The 31st of June would be the 1st of July.
  if (day === '0' || day === '00' || (Number(day) > 28 && new Date(midnight).getUTCDate() !== Number(day))) return null;
  const offset = sign ? Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes)) : 60 * (ZONES.get(zone.toLowerCase()) ?? 0);
  return midnight + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `Tue, 24 Nov 2026 23:27:00 +0000`; `offsetMinutes` is the zone to write it in, east is positive. */
export function formatDate(ms: number, offsetMinutes = 0): string {
  const date = new Date(ms + offsetMinutes * 60_000);
  const zone = Math.abs(offsetMinutes);
  return (
    `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${String(date.getUTCFullYear()).padStart(4, '0')} ` +
    `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ` +
    `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(zone / 60))}${two(zone % 60)}`
  );
}
