/** Seconds since 1970 when this was built; put in by scripts/build.mjs. */
declare const DESKMATE_BUILT_S: number | undefined;

/** From sources nobody built. This was written after it. */
const WRITTEN_MS = Date.UTC(2025, 10, 1);

/** Milliseconds since 1970: whatever a clock says, it is later than this. */
export const BUILT_MS =
  typeof DESKMATE_BUILT_S === 'number'
    ? Math.max(WRITTEN_MS, DESKMATE_BUILT_S * 1_000)
    : WRITTEN_MS;
