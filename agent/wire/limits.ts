/** Sizes and times that both ends observe. */

/** A longer data channel message is refused unparsed. Bytes of UTF-8. */
export const MAX_CONTROL_BYTES = 2_048;
/** A longer signalling message is refused unparsed. An offer with ICE candidates is 4-12 KB. */
export const MAX_SIGNAL_BYTES = 48 * 1024;
/** A challenge is valid for one use within this time. */
export const CHALLENGE_MS = 30_000;
/** The client sends `alive` this often on the reliable channel... */
export const ALIVE_PERIOD_MS = 1_000;
/** ...and the robot considers the pupil lost after this long without any message. */
export const ALIVE_TIMEOUT_MS = 3_000;
/** Commands a second above which a pupil's commands are refused. */
export const MAX_COMMANDS_PER_S = 120;
