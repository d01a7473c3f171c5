import type { SectionValue } from '../wire/settings.ts';
import type { Apply } from './appliers.ts';

export type SetLogLevel = (level: SectionValue<'log'>['level'] | undefined) => void;

/** How much the process logs, without a restart. Undefined: as configured. */
export const logLevelApplier =
  (setLevel: SetLogLevel): Apply<'log'> =>
  (value) =>
    setLevel(value?.level);
