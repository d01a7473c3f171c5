/**
 * Whoever started this process and watches over it: systemd by its notify socket, or nobody. Calls
 * never throw and never wait; what cannot be told is lost.
 */
export interface Supervisor {
  /** The process does its work from now on. */
  ready(): void;
  /** What the process is doing, in one line for people. */
  status(text: string): void;
  /** The process has begun an orderly stop. */
  stopping(): void;
  /** The process is well. To be said more often than each `watchdogMs`. */
  alive(): void;
  /** Without `alive` for this long the process is ended and started anew; undefined: nobody waits. */
  readonly watchdogMs: number | undefined;
}

/** Nobody watches: started by hand, or in a test. */
export const unsupervised: Supervisor = {
  ready: () => {},
  status: () => {},
  stopping: () => {},
  alive: () => {},
  watchdogMs: undefined,
};
