// People watch: one record for each title that someone played for a while.
import { drawInt } from '../kernel/draws.ts';
import type { Teller } from './catalogue.ts';

const DEVICES = ['tv', 'phone', 'tablet', 'web'] as const;

/** A few titles take most of the audience: the smaller of two draws. */
export const views: Teller = (n, atMs, draws, spec) => {
  const title = Math.min(drawInt(draws('title'), 2 * n, spec.titles), drawInt(draws('title'), 2 * n + 1, spec.titles));
  const viewer = `viewer-${drawInt(draws('viewer'), n, spec.viewers) + 1}`;
  return {
    key: viewer,
    value: {
      at: atMs,
      viewer,
      title: `title-${title + 1}`,
      device: DEVICES[drawInt(draws('device'), n, DEVICES.length)]!,
      /** Minutes watched, and what of the title that is. */
      minutes: 1 + drawInt(draws('minutes'), n, 50),
      completion: drawInt(draws('completion'), n, 101),
    },
  };
};
