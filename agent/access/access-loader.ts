import type { Timer } from '../../hal/ports/clock.ts';
import { Access, type AccessParts } from './access.ts';
import { AccessFault } from './access-fault.ts';

/** Delay before an unreadable file is read again: the disk may recover, or staff may repair it. */
export const REOPEN_MS = 10_000;

/** Why somebody who was bound before cannot come in now. For fleet and staff. */
export type AccessLoaderFault =
  /** Keys or device registry cannot be read: nobody is let in. */
  | 'accessClosed'
  /** Device registry and copy were damaged: devices that were bound must be invited anew. */
  | 'guestsLost';

interface AccessLoaderParts extends AccessParts {
  /** Called once, when pupils can be let in. */
  readonly onOpen: (access: Access) => void;
  /** The current faults, after each attempt. */
  readonly onFaults: (faults: readonly AccessLoaderFault[]) => void;
}

/**
 * Opens `Access` on a robot whose disk may be broken. While keys or registry cannot be read, nobody
 * is let in; the rest of the robot works, the fault is reported, and reading is retried.
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

  /** Throws the reason while nobody can be let in. */
  expect(): Access {
    if (!this.opened) throw this.why;
    return this.opened;
  }

  /** Resolves after the first attempt, successful or not. */
  async open(): Promise<void> {
    const access = await Access.open(this.parts).catch((error: unknown) => {
      this.close(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    });
    if (!access || this.stopped) return;
    this.opened = access;
    const { registry } = access;
    const reportFaults = (): void => this.parts.onFaults(registry.lost ? ['guestsLost'] : []);
    registry.onChange(reportFaults);
    reportFaults();
    this.parts.onOpen(access);
  }

  /** Resolves when pending device dates are on disk, or the write failed. */
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
