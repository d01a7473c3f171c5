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

/** By `--lang`, else as POSIX orders them: LC_ALL, LC_MESSAGES, LANG (`nl_NL.UTF-8`); else English. */
export function languageOf(flag: string | undefined, env: NodeJS.ProcessEnv): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return pickLanguage(flag ?? null, [locale.split(/[_.@]/)[0] ?? '']);
}
