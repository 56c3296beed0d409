// Text that looks like English to an index: some 1,500 different trigrams in 5 kB, the same for the same seed.

/** Numbers from 0 up to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const SMALL =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which you were her all'.split(
    ' ',
  );
const COMMON =
  'delivery order account please customer thank number address payment today status details invoice product service contact receive tomorrow support message'.split(
    ' ',
  );
const ONSETS = 'b bl br c ch cl cr d dr f fl fr g gl gr h j l m n p pl pr qu r s sc sh sl sp st str t th tr v w wh'.split(' ');
const VOWELS = 'a ai e ea ee i ie o oa oo ou u'.split(' ');
const CODAS = 'b ck ct d ft g l ld ll lt m mp n nce nd ng nk nt p r rd rk rm rn rt s sh ss st t th x'.split(' ');
const ENDINGS = ['', '', '', 's', 'ed', 'ing', 'er', 'ly', 'tion', 'ment', 'ness', 'able', 'ive', 'al'];

/** Makes texts of a given length, in lines of 72 characters. */
export function english(random: () => number): (length: number) => string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const syllable = (): string => pick(ONSETS) + pick(VOWELS) + pick(CODAS);
  const vocabulary = Array.from({ length: 20_000 }, (_, i) => (i % 3 === 0 ? syllable() + syllable() : syllable()) + pick(ENDINGS));
  // As in real text a few words are most of it: the rank falls with the square of a random number.
  const rare = (): string => vocabulary[Math.floor(random() ** 2 * vocabulary.length)] ?? '';
  const word = (): string => {
    const kind = random();
    if (kind < 0.45) return pick(SMALL);
    return kind < 0.6 ? pick(COMMON) : rare();
  };
  return (length) => {
    let text = '';
    let line = '';
    while (text.length < length) {
      line += `${line === '' ? '' : ' '}${word()}`;
      if (line.length < 64) continue;
      text += `${line}.\r\n`;
      line = '';
    }
    return text;
  };
}
