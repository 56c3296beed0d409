// Numbers in sentences.

const plurals = new Intl.PluralRules('en');
export const numbers = new Intl.NumberFormat('en');

/** `1 message`, `2,091 messages`. */
export const counted = (n: number, one: string, many: string): string => `${numbers.format(n)} ${plurals.select(n) === 'one' ? one : many}`;
