/**
 * The supervisor of this process: systemd by its notify socket, or none. Calls never throw and never
 * block; messages that cannot be sent are lost.
 */
export interface Supervisor {
  /** Start-up is complete. */
  ready(): void;
  /** What the process is doing, in one line for people. */
  status(text: string): void;
  /** The process has begun an orderly stop. */
  stopping(): void;
  /** Watchdog keep-alive. To be called more often than every `watchdogMs`. */
  alive(): void;
  /** Without `alive` for this long the process is restarted; undefined: no watchdog. */
  readonly watchdogMs: number | undefined;
}

/** No supervisor: started by hand, or in a test. */
export const unsupervised: Supervisor = {
  ready: () => {},
  status: () => {},
  stopping: () => {},
  alive: () => {},
  watchdogMs: undefined,
};
