import type { Timer } from '../../hal/ports/clock.ts';
import { Access, type AccessParts } from './access.ts';
import { AccessFault } from './access-fault.ts';

/** A file that could not be read is asked for again after this: a disk may come back, staff may act. */
export const REOPEN_MS = 10_000;

/** Why somebody who was let in before cannot come in now. For fleet and staff. */
export type EntranceFault =
  /** Keys or guest list cannot be read: nobody is let in. */
  | 'accessClosed'
  /** The guest list was damaged beyond its copy: who was bound has to be invited anew. */
  | 'guestsLost';

interface EntranceParts extends AccessParts {
  /** Once, when pupils can be let in. */
  readonly onOpen: (access: Access) => void;
  /** The faults there are now, after each attempt. */
  readonly onFaults: (faults: readonly EntranceFault[]) => void;
}

/**
 * The way to `Access` on a robot whose disk may be broken. What cannot be read closes the entrance,
 * and nothing else: the rest of the robot goes on, says so, and the files are tried again.
 */
export class Entrance {
  private opened: Access | undefined;
  private why: Error = new AccessFault('brokenRecords', 'the guest list is being read');
  private retry: Timer | undefined;
  private stopped = false;

  constructor(private readonly parts: EntranceParts) {}

  /** Undefined while nobody can be let in. */
  get access(): Access | undefined {
    return this.opened;
  }

  /** Throws, with the reason, while nobody can be let in. */
  expect(): Access {
    if (!this.opened) throw this.why;
    return this.opened;
  }

  /** Resolves after the first attempt, whatever came of it. */
  async open(): Promise<void> {
    const access = await Access.open(this.parts).catch((error: unknown) => {
      this.close(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    });
    if (!access || this.stopped) return;
    this.opened = access;
    const { guests } = access;
    const tell = (): void => this.parts.onFaults(guests.lost ? ['guestsLost'] : []);
    guests.onChange(tell);
    tell();
    this.parts.onOpen(access);
  }

  /** Resolves when what is known of the guests is on disk, or was refused. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.retry?.cancel();
    await this.opened?.guests.noteUses();
  }

  private close(why: Error): void {
    if (this.stopped) return;
    if (why.message !== this.why.message)
      this.parts.log.error({ error: why.message }, 'nobody can be let in');
    this.why = why;
    this.parts.onFaults(['accessClosed']);
    this.retry = this.parts.clock.after(REOPEN_MS, () => void this.open());
  }
}
