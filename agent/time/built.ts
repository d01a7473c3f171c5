/** Build time, seconds since 1970; defined by scripts/build.mjs. */
declare const DESKMATE_BUILT_S: number | undefined;

/** Fallback when run from sources. */
const WRITTEN_MS = Date.UTC(2025, 10, 1);

/** Milliseconds since 1970: the present time is certainly later. */
export const BUILT_MS =
  typeof DESKMATE_BUILT_S === 'number'
    ? Math.max(WRITTEN_MS, DESKMATE_BUILT_S * 1_000)
    : WRITTEN_MS;
