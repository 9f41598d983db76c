// The lab's messages, and the engine's sentences, in the chosen language.
import { useMemo } from 'react';
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { en as engineEn } from '../../../simulations/text/en.ts';
import { ko as engineKo } from '../../../simulations/text/ko.ts';
import type { EngineText } from '../../../simulations/text/contract.ts';
import { formatDuration, formatDurationKo } from '../../app/format.ts';
import { useLanguage, type Language } from '../../app/preferences.ts';
import { processesOf } from '../breaks.ts';
import type { FaultTeller } from '../fault-words.ts';
import { en, type LabMessages } from './en.ts';
import { ko } from './ko.ts';

const tables: Readonly<Record<Language, LabMessages>> = { en, ko };
const engine: Readonly<Record<Language, EngineText>> = { en: engineEn, ko: engineKo };

export function useLabMessages(): LabMessages {
  return tables[useLanguage()];
}

export function useEngineText(): EngineText {
  return engine[useLanguage()];
}

/** What faults of a scenario are told with. */
export function useFaultTeller(scenario: Scenario | null): FaultTeller {
  const language = useLanguage();
  return useMemo(() => ({ words: tables[language], language, processes: scenario ? processesOf(scenario) : [] }), [language, scenario]);
}

/** A duration as the language writes it. */
export function durationIn(language: Language): (us: number) => string {
  return language === 'ko' ? formatDurationKo : formatDuration;
}
