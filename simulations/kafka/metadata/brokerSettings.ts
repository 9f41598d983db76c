// Which value a setting of a broker has and where it comes from: changed for it, changed for all brokers, its file, Kafka's default
// (Kafka ConfigHelper.brokerSynonyms, DynamicBrokerConfig).
import type { BrokerFile } from './brokerFile.ts';
import { BROKER_KEYS, brokerSetting, everyBrokerHas, namesOf } from './brokerKeys.ts';
import { SOURCE, type Sourced } from './effective.ts';
import type { MetadataImage } from './image.ts';

/** The values of a setting, the one that counts first. @param broker null = only what was changed for all brokers. */
export function brokerSources(image: MetadataImage, file: BrokerFile, broker: number | null, name: string): Sourced[] {
  const names = namesOf(name);
  const out: Sourced[] = [];
  const add = (from: ReadonlyMap<string, string> | undefined, source: number) => {
    for (const n of names) {
      const value = from?.get(n);
      if (value !== undefined) out.push({ name: n, value, source });
    }
  };
  if (broker !== null) add(image.brokerConfigs.get(String(broker)), SOURCE.broker);
  add(image.brokerConfigs.get(''), SOURCE.cluster);
  if (broker !== null) {
    add(file, SOURCE.file);
    for (const n of names) {
      const { fallback } = brokerSetting(n);
      if (fallback !== null) out.push({ name: n, value: fallback, source: SOURCE.fallback });
    }
  }
  // A value under another name than the setting's own counts only behind one under its own.
  const own = out.findIndex((s) => s.name === name);
  return own < 0 ? [] : out.slice(own);
}

/** Settings in the order in which they count. */
export type Layers = readonly (ReadonlyMap<string, string> | undefined)[];

/** What there is of a setting; null = nothing. A listener without a value of its own has the broker's. */
export function valueIn(layers: Layers, name: string): string | null {
  for (const layer of layers) {
    const value = layer?.get(name);
    if (value !== undefined) return value;
  }
  const base = namesOf(name).at(-1)!;
  return base !== name && brokerSetting(name).fallback === null && !everyBrokerHas(brokerSetting(name)) ? valueIn(layers, base) : brokerSetting(name).fallback;
}

/** Names of the settings that a broker tells: those it knows, and what was set beside them. @param broker null = what was changed for all brokers. */
export function settingsOf(image: MetadataImage, broker: number | null): string[] {
  const changed = [...(image.brokerConfigs.get('')?.keys() ?? [])];
  if (broker === null) return changed;
  return [...new Set([...BROKER_KEYS.map((key) => key.name), ...changed, ...(image.brokerConfigs.get(String(broker))?.keys() ?? [])])];
}
