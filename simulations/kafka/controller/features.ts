// Changing features of the cluster (Kafka FeatureControlManager, KIP-584): all that a request names, or none. What Kafka refuses is refused as there.
// What it would change is refused as well, by Kafka's own error for that: the cluster works at the levels it was made with.
import { hashMapOrder } from '../javaHash.ts';
import { featuresOf, type Feature } from '../metadata/features.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { UPGRADE, type UpdateFeaturesRequest, type UpdateFeaturesResponse } from '../protocol/clusterMessages.ts';
import type { ControllerState } from './state.ts';

interface Wanted {
  readonly level: number;
  /** One of `UPGRADE`; another number is none that Kafka knows. */
  readonly upgradeType: number;
}

interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

const METADATA_VERSION = 'metadata.version';
/** Below this level of metadata.version something that its records hold would be lost (Kafka MetadataVersion.checkIfMetadataChanged). */
const METADATA_KEPT = 23;

/** @param version version of the request: 0 has no types of upgrade. */
export function updateFeatures(state: ControllerState, { featureUpdates }: UpdateFeaturesRequest, version: number): UpdateFeaturesResponse {
  const features = featuresOf(state.scenario);
  const wanted = new Map<string, Wanted>(featureUpdates.map((u) => [u.feature, { level: u.maxVersionLevel, upgradeType: version === 0 ? UPGRADE.upgrade : u.upgradeType }]));
  for (const name of hashMapOrder([...wanted.keys()])) {
    const wrong = refusal(
      name,
      features.find((f) => f.name === name),
      wanted.get(name)!,
    );
    if (wrong) return { throttleTimeMs: 0, ...wrong, results: [] };
  }
  return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, results: version > 1 ? [] : featureUpdates.map(({ feature }) => ({ feature, errorCode: 0, errorMessage: 'NONE' })) };
}

function refusal(name: string, feature: Feature | undefined, { level, upgradeType }: Wanted): Refusal | null {
  const invalid = (why: string): Refusal => ({ errorCode: ERR.INVALID_UPDATE_VERSION, errorMessage: `No feature was changed, because ${name} cannot be set to ${level}: ${why}` });
  if (upgradeType !== UPGRADE.upgrade && upgradeType !== UPGRADE.safeDowngrade && upgradeType !== UPGRADE.unsafeDowngrade) return invalid('there is no such type of upgrade.');
  if (level < 0) return invalid('levels begin at 0.');
  if (!feature) return invalid('the controller knows no such feature.');
  if (level < feature.minVersion || level > feature.maxVersion) return invalid(`the controller knows ${feature.minVersion} to ${feature.maxVersion}.`);
  if (level === feature.finalized) return null;
  if (level < feature.finalized && upgradeType === UPGRADE.upgrade) return invalid(`it is at ${feature.finalized}, and a downgrade was not asked for.`);
  if (level > feature.finalized && upgradeType !== UPGRADE.upgrade) return invalid(`it is at ${feature.finalized}, and a downgrade was asked for.`);
  if (name === METADATA_VERSION && level < METADATA_KEPT) {
    return invalid(upgradeType === UPGRADE.safeDowngrade ? 'what its records hold would be lost.' : 'Kafka 4.0 does not downgrade metadata where something would be lost.');
  }
  return { errorCode: ERR.FEATURE_UPDATE_FAILED, errorMessage: `No feature was changed: this cluster cannot leave ${name} ${feature.finalized} while it runs.` };
}
