/** Sizes and times that both ends of the wire keep to. */

/** A longer data channel message is refused unread. Bytes of UTF-8. */
export const MAX_CONTROL_BYTES = 2_048;
/** A longer signalling message is refused unread. An offer with ICE candidates is 4-12 KB. */
export const MAX_SIGNAL_BYTES = 48 * 1024;
/** A challenge is good for one use within this time. */
export const CHALLENGE_MS = 30_000;
/** The client repeats `alive` this often on the reliable channel... */
export const ALIVE_PERIOD_MS = 1_000;
/** ...and the robot calls the pupil lost after this long without anything. */
export const ALIVE_TIMEOUT_MS = 3_000;
/** Commands a second above which a pupil's commands are refused. */
export const MAX_COMMANDS_PER_S = 120;
