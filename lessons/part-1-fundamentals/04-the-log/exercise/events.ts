// What 48 viewers do in one evening: 600 events, drawn afresh for every seed. Read-only.

export interface WatchEvent {
  /** Numbered in the order in which they happened: watch-001 to watch-600. */
  id: string;
  userId: string;
  contentId: string;
  type: 'play' | 'pause' | 'resume' | 'progress' | 'stop';
  positionSec: number;
}

const EVENTS = 600;
const USERS = Array.from({ length: 48 }, (_, i) => `user-${1001 + i}`);
const TITLES = Array.from({ length: 40 }, (_, i) => `c-${101 + i}`);
const PREMIERE = 'c-100';

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(Math.random() * from.length)]!;
}

function shuffle<T>(list: T[]): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    const held = list[i]!;
    list[i] = list[j]!;
    list[j] = held;
  }
  return list;
}

/** Who acts when: everyone does 9 to 16 things, in any order. */
function turns(): string[] {
  const counts = new Map(USERS.map((user) => [user, 9]));
  for (let left = EVENTS - 9 * USERS.length; left > 0;) {
    const user = pick(USERS);
    const count = counts.get(user)!;
    if (count === 16) continue;
    counts.set(user, count + 1);
    left--;
  }
  return shuffle(USERS.flatMap((user) => Array<string>(counts.get(user)!).fill(user)));
}

/** On some evenings there is a premiere, and half of the users watch nothing else. */
function premiereCrowd(): Set<string> {
  return new Set(Math.random() < 0.3 ? shuffle([...USERS]).slice(0, USERS.length / 2) : []);
}

function drawEvening(): { dueMs: number; event: WatchEvent }[] {
  const crowd = premiereCrowd();
  const watching = new Map<string, WatchEvent>();
  let dueMs = 0;
  return turns().map((userId, i) => {
    dueMs += 20 + Math.floor(Math.random() * 21);
    const last = watching.get(userId);
    const type = next(last?.type);
    const contentId = type === 'play' ? (crowd.has(userId) ? PREMIERE : pick(TITLES)) : last!.contentId;
    const positionSec = type === 'play' ? 0 : last!.positionSec + (last!.type === 'pause' ? 0 : 10 + Math.floor(Math.random() * 50));
    const event: WatchEvent = { id: `watch-${String(i + 1).padStart(3, '0')}`, userId, contentId, type, positionSec };
    watching.set(userId, event);
    return { dueMs, event };
  });
}

function next(last: WatchEvent['type'] | undefined): WatchEvent['type'] {
  if (last === undefined || last === 'stop') return 'play';
  if (last === 'pause') return pick(['resume', 'resume', 'stop']);
  return pick(['progress', 'progress', 'pause', 'stop']);
}

const evening = drawEvening();

/** The evening's events, each at the moment when it happens. */
export async function* watchEvents(): AsyncGenerator<WatchEvent> {
  const start = Date.now();
  for (const { dueMs, event } of evening) {
    const waitMs = start + dueMs - Date.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    yield event;
  }
}
