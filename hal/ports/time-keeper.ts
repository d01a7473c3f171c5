/**
 * What the machine itself knows of the time of day: which boot this is, and whether something keeps
 * its wall clock right. Read, never changed: nobody of ours sets the system's clock.
 */
export interface TimeKeeper {
  /**
   * Names this boot of the machine: monotonic times may be compared within one, and never across
   * two. 1-64 characters.
   */
  readonly bootId: string;
  /** Never rejects: what cannot be found out is unknown. May take some seconds. */
  read(): Promise<SyncReading>;
  close(): void;
}

export interface SyncReading {
  /** Undefined when nobody can tell, which is no reason to believe the clock. */
  readonly synchronised: boolean | undefined;
  /** Who said so, for people who look into it. */
  readonly by: 'kernel' | 'chrony' | 'timesyncd' | 'nobody';
}
