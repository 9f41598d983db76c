// The address that holds a run: copied by a button, opened by whoever gets it.
import type { Universe } from '../../simulations/contract/scenario.ts';
import { ENGINE_VERSION } from '../../simulations/version.ts';
import { writeLink } from './link.ts';

export interface SharedRun {
  readonly universe: Universe;
  readonly hash: string | null;
  /** Where the playhead stands, microseconds. */
  readonly timeUs: number;
}

/** The whole address, under the lab; null when the run is too large for a link. */
export async function shareRun({ universe, hash, timeUs }: SharedRun): Promise<string | null> {
  const link = await writeLink({ engine: ENGINE_VERSION, hash, timeUs, run: { kind: 'universe', universe } });
  return link.ok ? `${location.origin}/lab#${link.value}` : null;
}
