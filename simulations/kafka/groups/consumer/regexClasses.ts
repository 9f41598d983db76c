// Sets of characters that RE2's expressions name: Perl's, POSIX's and Unicode's, and what it means that case does not matter. Names of topics
// are ASCII, so of Unicode's sets only what they have in ASCII is known here (RE2J CharGroup, UnicodeTables).

export type Accepts = (code: number) => boolean;

export const not =
  (accepts: Accepts): Accepts =>
  (code) =>
    !accepts(code);
const between =
  (low: number, high: number): Accepts =>
  (code) =>
    code >= low && code <= high;
const any =
  (...parts: readonly Accepts[]): Accepts =>
  (code) =>
    parts.some((p) => p(code));
export const is =
  (wanted: number): Accepts =>
  (code) =>
    code === wanted;
const oneOf =
  (text: string): Accepts =>
  (code) =>
    text.includes(String.fromCharCode(code));

const DIGIT = between(48, 57);
const UPPER = between(65, 90);
const LOWER = between(97, 122);
const ALPHA = any(UPPER, LOWER);
const ALNUM = any(ALPHA, DIGIT);
export const WORD = any(ALNUM, is(95));
const SPACE = oneOf('\t\n\f\r ');

export const PERL: Readonly<Record<string, Accepts>> = { d: DIGIT, w: WORD, s: SPACE, D: not(DIGIT), W: not(WORD), S: not(SPACE) };

/** By name, as between `[:` and `:]`. */
export const POSIX: Readonly<Record<string, Accepts>> = {
  alnum: ALNUM,
  alpha: ALPHA,
  ascii: between(0, 127),
  blank: oneOf('\t '),
  cntrl: any(between(0, 31), is(127)),
  digit: DIGIT,
  graph: between(33, 126),
  lower: LOWER,
  print: between(32, 126),
  punct: any(between(33, 47), between(58, 64), between(91, 96), between(123, 126)),
  space: between(9, 13),
  upper: UPPER,
  word: WORD,
  xdigit: any(DIGIT, between(65, 70), between(97, 102)),
};

/** Categories that have characters of ASCII, and those. */
const CATEGORIES: Readonly<Record<string, string>> = { Pc: '_', Pd: '-', Ps: '([{', Pe: ')]}', Po: '!"#%&\'*,./:;?@\\', Sc: '$', Sk: '^`', Sm: '+<=>|~', Zs: ' ' };
const NO_ASCII =
  'Cf Co Cs Lm Lo Lt M Mc Me Mn Nl No Pf Pi So Zl Zp Arabic Armenian Avestan Balinese Bamum Batak Bengali Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Cham ' +
  'Cherokee Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari Egyptian_Hieroglyphs Ethiopic Georgian Glagolitic Gothic Greek Gujarati Gurmukhi Han Hangul Hanunoo Hebrew Hiragana ' +
  'Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kayah_Li Kharoshthi Khmer Lao Lepcha Limbu Linear_B Lisu Lycian Lydian ' +
  'Malayalam Mandaic Meetei_Mayek Mongolian Myanmar New_Tai_Lue Nko Ogham Ol_Chiki Old_Italic Old_Persian Old_South_Arabian Old_Turkic Oriya Osmanya Phags_Pa Phoenician Rejang Runic ' +
  'Samaritan Saurashtra Shavian Sinhala Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Tamil Telugu Thaana Thai Tibetan Tifinagh Ugaritic Unknown Vai Yi';
const PUNCTUATION = oneOf(['Pc', 'Pd', 'Ps', 'Pe', 'Po'].map((c) => CATEGORIES[c]!).join(''));
const SYMBOL = oneOf(['Sc', 'Sk', 'Sm'].map((c) => CATEGORIES[c]!).join(''));

/** Categories and scripts by name: their part in ASCII. */
const UNICODE: ReadonlyMap<string, Accepts> = new Map<string, Accepts>([
  ...NO_ASCII.split(' ').map((name): [string, Accepts] => [name, () => false]),
  ...Object.entries(CATEGORIES).map(([name, text]): [string, Accepts] => [name, oneOf(text)]),
  ['Any', () => true],
  ['C', POSIX['cntrl']!],
  ['Cc', POSIX['cntrl']!],
  ['L', ALPHA],
  ['Ll', LOWER],
  ['Lu', UPPER],
  ['N', DIGIT],
  ['Nd', DIGIT],
  ['P', PUNCTUATION],
  ['S', SYMBOL],
  ['Z', is(32)],
  ['Latin', ALPHA],
  ['Common', (code) => code < 128 && !ALPHA(code)],
]);

/** What two categories take in addition where case does not matter. RE2J's table for Ll leaves most of ASCII out. */
const FOLDED: Readonly<Record<string, Accepts>> = { Lu: LOWER, Ll: oneOf('KS') };

/** @returns undefined for a name that is none. */
export function unicodeClass(name: string, fold: boolean): Accepts | undefined {
  const found = UNICODE.get(name);
  const more = fold ? FOLDED[name] : undefined;
  return found && more ? any(found, more) : found;
}

/** The same where case does not matter: with the Kelvin sign and the long s, which are a k and an s. */
export function folded(accepts: Accepts): Accepts {
  return (code) => accepts(code) || (ALPHA(code) && (accepts(code ^ 32) || ((code | 32) === 107 && accepts(0x212a)) || ((code | 32) === 115 && accepts(0x17f))));
}
