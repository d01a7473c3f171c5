import type { Timer } from '../../hal/ports/clock.ts';
import { Access, type AccessParts } from './access.ts';
import { AccessFault } from './access-fault.ts';

/** A file that could not be read is asked for again after this: a disk may come back, staff may act. */
export const REOPEN_MS = 10_000;

/** Why somebody who was let in before cannot come in now. For fleet and staff. */
export type AccessLoaderFault =
  /** Keys or device registry cannot be read: nobody is let in. */
  | 'accessClosed'
  /** The device registry was damaged beyond its copy: who was bound has to be invited anew. */
  | 'guestsLost';

interface AccessLoaderParts extends AccessParts {
  /** Once, when pupils can be let in. */
  readonly onOpen: (access: Access) => void;
  /** The faults there are now, after each attempt. */
  readonly onFaults: (faults: readonly AccessLoaderFault[]) => void;
}

/**
 * The way to `Access` on a robot whose disk may be broken. What cannot be read closes the accessLoader,
 * and nothing else: the rest of the robot goes on, says so, and the files are tried again.
 */
export class AccessLoader {
  private opened: Access | undefined;
  private why: Error = new AccessFault('brokenRecords', 'the device registry is being read');
  private retry: Timer | undefined;
  private stopped = false;

  constructor(private readonly parts: AccessLoaderParts) {}

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
    const { registry } = access;
    const tell = (): void => this.parts.onFaults(registry.lost ? ['guestsLost'] : []);
    registry.onChange(tell);
    tell();
    this.parts.onOpen(access);
  }

  /** Resolves when what is known of the registry is on disk, or was refused. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.retry?.cancel();
    await this.opened?.registry.noteUses();
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
