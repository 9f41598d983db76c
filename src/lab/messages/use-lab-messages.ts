// The lab's messages, and the engine's sentences, in the chosen language.
import { en as engineEn } from '../../../simulations/text/en.ts';
import { ko as engineKo } from '../../../simulations/text/ko.ts';
import type { EngineText } from '../../../simulations/text/contract.ts';
import { formatDuration, formatDurationKo } from '../../app/format.ts';
import { useLanguage, type Language } from '../../app/preferences.ts';
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

/** A duration as the language writes it. */
export function durationIn(language: Language): (us: number) => string {
  return language === 'ko' ? formatDurationKo : formatDuration;
}
