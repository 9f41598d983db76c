// Korean particles after a value: they agree with how the value is read aloud, not with how it is written.

export type Particle = '이/가' | '은/는' | '을/를' | '과/와' | '으로/로' | '이라/라' | '이었/였';

/** How the last sound of a reading ends. `rieul` counts as open before 로 and as closed before the others. */
type Ending = 'open' | 'closed' | 'rieul';

/** Names that are read as words. */
const WORDS: Readonly<Record<string, Ending>> = {
  kafka: 'open',
  kafkajs: 'open',
  flink: 'open',
  redis: 'open',
  grafana: 'open',
  postgresql: 'rieul',
  json: 'closed',
  influxdb: 'open',
  spark: 'open',
  delta: 'open',
  java: 'open',
  typescript: 'open',
  javascript: 'open',
  millrace: 'open',
  kraft: 'open',
  app: 'closed',
  group: 'closed',
  topic: 'closed',
  log: 'open',
  test: 'open',
  web: 'closed',
  api: 'open',
  svc: 'open',
  all: 'rieul',
  none: 'closed',
  stop: 'closed',
  play: 'open',
  pause: 'open',
};
/** Units at the end of a figure. */
const UNITS: Readonly<Record<string, Ending>> = { us: 'open', ms: 'open', s: 'open', m: 'closed', kb: 'open', mb: 'open', gb: 'open', b: 'open' };
const DIGITS: readonly Ending[] = ['closed', 'rieul', 'open', 'closed', 'open', 'open', 'closed', 'rieul', 'rieul', 'open'];
const LETTERS: Readonly<Record<string, Ending>> = { l: 'rieul', m: 'closed', n: 'closed', r: 'rieul' };

/** A value with its particle: `josa('ISR', '이/가')` is `ISR이`. */
export function josa(value: string | number, particle: Particle): string {
  const text = String(value);
  const ending = endingOf(text);
  const [closed, open] = particle.split('/') as [string, string];
  const takesOpen = ending === 'open' || (ending === 'rieul' && particle === '으로/로');
  return text + (takesOpen ? open : closed);
}

function endingOf(text: string): Ending {
  // What stands in parentheses at the end is not read; quotation marks and code marks have no sound.
  const spoken = text.replace(/(?:\s*\([^()]*\))+$/, '').replace(/[`'"’”」』\]}.,!?…\s]+$/, '');
  const last = spoken.at(-1) ?? '';
  const code = last.codePointAt(0) ?? 0;
  if (code >= 0xac00 && code <= 0xd7a3) {
    const final = (code - 0xac00) % 28;
    return final === 0 ? 'open' : final === 8 ? 'rieul' : 'closed';
  }
  if (last === '%') return 'open';
  if (last >= '0' && last <= '9') return DIGITS[Number(last)]!;
  const word = /[A-Za-z]+$/.exec(spoken)?.[0] ?? '';
  if (!word) return 'open';
  if (/\d$/.test(spoken.slice(0, -word.length)) && UNITS[word.toLowerCase()]) return UNITS[word.toLowerCase()]!;
  const known = WORDS[word.toLowerCase()];
  if (known) return known;
  if (word === word.toUpperCase() || word.length === 1) return LETTERS[word.at(-1)!.toLowerCase()] ?? 'open';
  return spelled(word.toLowerCase());
}

/** A lower-case word that is in no list, by how such words are usually taken over into Korean. */
function spelled(word: string): Ending {
  if (/(?:[^aeiou]|^)le$|l$/.test(word)) return 'rieul';
  if (/(?:m|n|ng|[mn]e)$/.test(word)) return 'closed';
  if (/[aeiou](?:p|k|c|ck|b)$/.test(word) && !/(?:ee|oa|ai|ea|oo)(?:p|k|b)$/.test(word)) return 'closed';
  return 'open';
}
