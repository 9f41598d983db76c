// The shell's messages in the chosen language.
import { useLanguage } from '../preferences.ts';
import { en, type Messages } from './en.ts';
import { ko } from './ko.ts';

const tables = { en, ko };

export function useMessages(): Messages {
  return tables[useLanguage()];
}
