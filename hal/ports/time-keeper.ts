/**
 * The machine's own time keeping: which boot this is, and whether its wall clock is synchronised.
 * Read only: this software never sets the system's clock.
 */
export interface TimeKeeper {
  /**
   * Identifies this boot of the machine: monotonic times are comparable only within one boot. 1-64
   * characters.
   */
  readonly bootId: string;
  /** Never rejects: what cannot be determined is unknown. May take some seconds. */
  read(): Promise<SyncReading>;
  close(): void;
}

export interface SyncReading {
  /** Undefined when unknown; the clock must then not be trusted. */
  readonly synchronised: boolean | undefined;
  /** The source of the answer, for diagnosis. */
  readonly by: 'kernel' | 'chrony' | 'timesyncd' | 'nobody';
}
