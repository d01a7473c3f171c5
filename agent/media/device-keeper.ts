import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';

/** A device that would not start is asked again after this. */
const RETRY_MS = 1_000;

export interface KeptDevice<S> {
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
  private working: Promise<void> | undefined;
  private waiting = false;

  constructor(
    private readonly name: string,
    private readonly device: KeptDevice<S>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** `undefined` stops it. Settings are compared by identity. */
  want(settings: S | undefined): void {
    this.wanted = settings;
    if (!this.working && !this.waiting && this.wanted !== this.actual) this.begin();
  }

  /** Stops the device and resolves when it has. */
  async close(): Promise<void> {
    this.want(undefined);
    while (this.working) await this.working;
  }

  private begin(): void {
    this.working = this.reach().finally(() => {
      this.working = undefined;
      if (!this.waiting && this.wanted !== this.actual) this.begin();
    });
  }

  private async reach(): Promise<void> {
    const target = this.wanted;
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
  }
}
