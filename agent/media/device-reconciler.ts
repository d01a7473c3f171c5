import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';

/** Retry delay after a call that failed. */
const RETRY_MS = 1_000;

interface ReconciledDevice<S> {
  start(settings: S): Promise<void>;
  stop(): Promise<void>;
}

/** `pausing`: the last call failed. A new desired state takes effect in `idle`. */
type Phase = 'idle' | 'calling' | 'pausing';

/**
 * Drives a device towards the desired state although starting and stopping take time and may fail.
 * One call at a time; the newest desired state wins.
 */
export class DeviceReconciler<S> {
  private desired: S | undefined;
  private actual: S | undefined;
  private phase: Phase = 'idle';
  /** Told at the end of each call that no other one follows at once. */
  private onSettled: (() => void) | undefined;

  constructor(
    private readonly name: string,
    private readonly device: ReconciledDevice<S>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** `undefined` stops it. Settings are compared by identity. */
  setDesired(settings: S | undefined): void {
    this.desired = settings;
    if (this.phase !== 'idle' || this.desired === this.actual) return;
    // Before the call: a driver may report its state within it.
    this.phase = 'calling';
    void this.apply(settings);
  }

  /** Stops the device and resolves when it has. */
  close(): Promise<void> {
    this.setDesired(undefined);
    if (this.phase !== 'calling') return Promise.resolve();
    return new Promise((resolve) => {
      this.onSettled = resolve;
    });
  }

  private async apply(target: S | undefined): Promise<void> {
    let next: 'idle' | 'pausing' = 'idle';
    try {
      await (target === undefined ? this.device.stop() : this.device.start(target));
      this.actual = target;
    } catch (error) {
      this.log.warn({ device: this.name, error: String(error) }, 'device not ready; trying again');
      this.clock.after(RETRY_MS, () => this.rest('idle'));
      next = 'pausing';
    }
    this.rest(next);
    if (this.phase !== 'calling') this.onSettled?.();
  }

  /** No call is in flight; a state desired meanwhile is applied at once. */
  private rest(phase: 'idle' | 'pausing'): void {
    this.phase = phase;
    this.setDesired(this.desired);
  }
}
