import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';

/** A device that would not start is asked again after this. */
const RETRY_MS = 1_000;

interface KeptDevice<S> {
  start(settings: S): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps a device in the wanted state although starting and stopping take time and may fail: at any
 * moment one call is under way, and the newest wish wins.
 */
export class DeviceKeeper<S> {
  private wanted: S | undefined;
  private actual: S | undefined;
  /** A call is under way. Set before the call: a driver may tell of its state within it. */
  private busy = false;
  private waiting = false;
  private closing: (() => void) | undefined;

  constructor(
    private readonly name: string,
    private readonly device: KeptDevice<S>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** `undefined` stops it. Settings are compared by identity. */
  want(settings: S | undefined): void {
    this.wanted = settings;
    if (this.busy || this.waiting || this.wanted === this.actual) return;
    this.busy = true;
    void this.reach(settings);
  }

  /** Stops the device and resolves when it has. */
  close(): Promise<void> {
    this.want(undefined);
    if (!this.busy) return Promise.resolve();
    return new Promise((resolve) => {
      this.closing = resolve;
    });
  }

  private async reach(target: S | undefined): Promise<void> {
    try {
      await (target === undefined ? this.device.stop() : this.device.start(target));
      this.actual = target;
    } catch (error) {
      this.log.warn({ device: this.name, error: String(error) }, 'device not ready; trying again');
      this.waiting = true;
      this.clock.after(RETRY_MS, () => {
        this.waiting = false;
        this.want(this.wanted);
      });
    }
    this.busy = false;
    this.want(this.wanted);
    if (!this.busy) this.closing?.();
  }
}
