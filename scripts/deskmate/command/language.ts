import {
  type Dictionaries,
  type Dictionary,
  type Language,
  type PlaceValues,
  pickLanguage,
  type Translate,
  translator,
} from '../../../agent/pages/shared/i18n.ts';

export type { Dictionaries, Dictionary, Language, PlaceValues, Translate };
export { translator };

/** `--lang`, else as in POSIX: LC_ALL, LC_MESSAGES, LANG (`nl_NL.UTF-8`); else English. */
export function languageOf(flag: string | undefined, env: NodeJS.ProcessEnv): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return pickLanguage(flag ?? null, [locale.split(/[_.@]/)[0] ?? '']);
}

/** Local date and time as text. `ms` since 1970. */
export const moment = (ms: number, language: Language): string =>
  new Date(ms).toLocaleString(regionOf(language), { dateStyle: 'medium', timeStyle: 'short' });

/** Local date as text. */
export const day = (ms: number, language: Language): string =>
  new Date(ms).toLocaleDateString(regionOf(language), { dateStyle: 'long' });

/** English as schools here write it: the day first, 24 hours. */
const regionOf = (language: Language): string => (language === 'en' ? 'en-GB' : language);
