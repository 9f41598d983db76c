// People watch: one record for each title that someone played for a while.
import { drawInt } from '../kernel/draws.ts';
import type { Teller } from './catalogue.ts';

const DEVICES = ['tv', 'phone', 'tablet', 'web'] as const;
export const GENRES = ['drama', 'comedy', 'documentary', 'sport'] as const;
/** Titles of one series stand next to each other. */
const PER_SERIES = 3;

/** A few titles take most of the audience: the smaller of two draws. Half of what someone watches is of one genre, which changes after every twelve hundred records of all viewers. */
export const views: Teller = (n, atMs, draws, spec) => {
  const viewer = drawInt(draws('viewer'), n, spec.viewers);
  const drawn = Math.min(drawInt(draws('title'), 2 * n, spec.titles), drawInt(draws('title'), 2 * n + 1, spec.titles));
  const favourite = (viewer + Math.floor(n / CHANGE)) % GENRES.length;
  const title = drawInt(draws('taste'), n, 2) === 0 ? drawn : nearest(drawn, favourite, spec.titles);
  return {
    key: `viewer-${viewer + 1}`,
    value: {
      at: atMs,
      viewer: `viewer-${viewer + 1}`,
      title: `title-${title + 1}`,
      series: `series-${Math.floor(title / PER_SERIES) + 1}`,
      genre: GENRES[title % GENRES.length]!,
      device: DEVICES[drawInt(draws('device'), n, DEVICES.length)]!,
      /** Minutes watched, and what of the title that is. */
      minutes: 1 + drawInt(draws('minutes'), n, 50),
      completion: drawInt(draws('completion'), n, 101),
    },
  };
};

const CHANGE = 1_200;

/** The first title from one on that is of a genre. */
function nearest(title: number, genre: number, titles: number): number {
  for (let i = 0; i < GENRES.length; i++) if (((title + i) % titles) % GENRES.length === genre) return (title + i) % titles;
  return title;
}
