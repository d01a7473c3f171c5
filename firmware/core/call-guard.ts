import type { Clock } from '../../hal/ports/clock.ts';
import { HardwareFault, type HardwareFaultKind } from '../../hal/ports/fault.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Machine, type MachineOf, withoutEffects } from './state-machine.ts';

/** Health of a device. One failed call is noise on the bus; several in a row are a fault. */
type Health =
  | { readonly name: 'well'; readonly failures: number }
  /** Shown as a fault until calls succeed again, and long enough to be seen. */
  | { readonly name: 'degraded'; readonly failures: number; readonly untilMs: number };

type HealthEvent = { readonly type: 'done' | 'failed'; readonly atMs: number };

const FAILURES_TO_DEGRADE = 3;
const SHOWN_MS = 1_000;

const WELL: Health = { name: 'well', failures: 0 };

const stepHealth = withoutEffects<Health, HealthEvent>((state, event) => {
  if (event.type === 'done') {
    const recovered = state.name === 'well' || event.atMs >= state.untilMs;
    return recovered ? WELL : { ...state, failures: 0 };
  }
  const failures = state.failures + 1;
  if (failures < FAILURES_TO_DEGRADE) return { ...state, failures };
  return { name: 'degraded', failures, untilMs: event.atMs + SHOWN_MS };
});

/** A call that the driver never settles is abandoned after this long, so that it can be retried. */
const HUNG_MS = 1_000;

/** The guarded call, and callbacks for success and failure. */
interface GuardedCall<T> {
  readonly call: () => Promise<T>;
  readonly done?: (value: T) => void;
  readonly failed?: () => void;
}

/**
 * Guards one kind of call to one device, and counts its failures as the fault `Code`. At most one
 * call is in flight: a slow device is skipped; it never blocks the loop and calls are never queued.
 * Throws nothing.
 */
export class CallGuard<T, Code extends string> {
  private readonly machine: MachineOf<typeof stepHealth>;
  private call = 0;
  private startedMs: number | undefined;
  /** Since when no call has succeeded; undefined while calls succeed. */
  private failingSinceMs: number | undefined;
  private lastKind: HardwareFaultKind | undefined;
  private lastFailure: string | undefined;
  /** Total, for the log. */
  private failures = 0;

  constructor(
    private readonly fault: Code,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly guarded: GuardedCall<T>,
  ) {
    this.machine = new Machine(`device.${fault}`, stepHealth, WELL, log);
  }

  get degraded(): boolean {
    return this.machine.state.name === 'degraded';
  }

  /** The fault to report when degraded: a stuck bus is one fault, not one for each chip on it. */
  get code(): Code | 'i2cBus' {
    return this.lastKind === 'busStuck' ? 'i2cBus' : this.fault;
  }

  faults(add: (code: Code | 'i2cBus') => void): void {
    if (this.degraded) add(this.code);
  }

  /** Since when no call has succeeded or returned; undefined: none is in flight or has failed. */
  get outSinceMs(): number | undefined {
    return this.failingSinceMs ?? this.startedMs;
  }

  /** No call has succeeded or returned for longer than `ms`. */
  outFor(ms: number): boolean {
    const since = this.outSinceMs;
    return since !== undefined && this.clock.now() - since > ms;
  }

  /** Error of the last call, if it failed. */
  get why(): string | undefined {
    return this.lastFailure;
  }

  get underWay(): boolean {
    return this.startedMs !== undefined;
  }

  /** A call has been in flight for longer than `ms`. */
  hangs(ms: number): boolean {
    return this.startedMs !== undefined && this.clock.now() - this.startedMs > ms;
  }

  /** Starts a call unless one is in flight. */
  start(): void {
    const nowMs = this.clock.now();
    if (this.startedMs !== undefined) {
      if (nowMs - this.startedMs < HUNG_MS) return;
      this.fail(
        new HardwareFault('timeout', this.fault, `the driver has not answered in ${HUNG_MS} ms`),
      );
    }
    this.startedMs = nowMs;
    const call = ++this.call;
    this.begin().then(
      (value) => {
        if (call === this.call) this.succeed(value);
      },
      (reason: unknown) => {
        if (call === this.call) this.fail(reason);
      },
    );
  }

  /** A driver that throws instead of rejecting is treated the same. */
  private async begin(): Promise<T> {
    return this.guarded.call();
  }

  private succeed(value: T): void {
    this.startedMs = undefined;
    this.failingSinceMs = undefined;
    this.lastFailure = undefined;
    this.machine.send({ type: 'done', atMs: this.clock.now() });
    this.guarded.done?.(value);
  }

  private fail(reason: unknown): void {
    const nowMs = this.clock.now();
    this.failingSinceMs ??= this.startedMs ?? nowMs;
    this.startedMs = undefined;
    this.failures += 1;
    this.lastKind = reason instanceof HardwareFault ? reason.kind : undefined;
    this.lastFailure = String(reason);
    const before = this.degraded;
    this.machine.send({ type: 'failed', atMs: nowMs });
    if (this.degraded && !before)
      this.log.warn(
        { fault: this.code, failed: this.failures, why: this.lastFailure },
        'device fails',
      );
    this.guarded.failed?.();
  }
}
