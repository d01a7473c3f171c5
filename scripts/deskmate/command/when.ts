import type { Language } from './language.ts';

/** A moment for people, by the clock and zone of this computer. `ms` since 1970. */
export const moment = (ms: number, language: Language): string =>
  new Date(ms).toLocaleString(regionOf(language), { dateStyle: 'medium', timeStyle: 'short' });

/** A day for people. */
export const day = (ms: number, language: Language): string =>
  new Date(ms).toLocaleDateString(regionOf(language), { dateStyle: 'long' });

/** English as schools here write it: the day first, 24 hours. */
const regionOf = (language: Language): string => (language === 'en' ? 'en-GB' : language);
