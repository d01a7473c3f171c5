import type { Timer } from '../ports/clock.ts';
import type { FakeI2c, Heal } from './i2c.ts';
import { FakeRandom } from './random.ts';

/*
 * Random faults of an I2C bus over time, repeatable by their seed:
 *
 *   const i2c = new FakeI2c(clock);                     // with its chips, see body.ts
 *   const faults = new FaultSchedule(seed, { forMs: 10_000 });
 *   faults.attach(i2c);                                 // before the drivers open, for absentAtStart
 *   …                                                   // open the body, run firmware, advance time
 *   faults.quiet                                        // true: nothing is wrong on the wires now
 *   faults.log                                          // what happened when, for a failed seed
 *   faults.stop();                                      // heals everything at once
 *
 * Faults begin with random gaps from the moment it is attached, several may overlap, each heals by
 * itself. After `forMs` none begins any more; at the latest `longestMs` later all is well and
 * `healedAtMs` stands. It costs two timers a fault and nothing a transaction.
 */

type ScheduledFault =
  /** One address does not acknowledge. */
  | 'nack'
  /** One address makes the adapter wait, every time. */
  | 'timeout'
  /** A fifth of one address' transactions have a wrong bit, or a read comes short. */
  | 'wrongData'
  /** Half of all transactions are not acknowledged: a bad plug. */
  | 'loose'
  /** The bus hangs until somebody calls recover(). */
  | 'stuck'
  /** The bus hangs until its time is over, whatever is tried. */
  | 'stuckForLong'
  /** A chip is not there and comes back without its memory. */
  | 'lost'
  /** A chip forgets everything in a moment. */
  | 'brownOut'
  /** Chips that are not there when the schedule is attached. */
  | 'absentAtStart';

interface FaultScheduleOptions {
  /** Addresses that faults happen to; without: the seven chips of deskmate-1. */
  readonly addresses?: readonly number[];
  /** Kinds to choose from, evenly; without: all. */
  readonly kinds?: readonly ScheduledFault[];
  /** Mean gap from the beginning of one fault to the next. */
  readonly meanGapMs?: number;
  /** Mean length of a fault. */
  readonly meanMs?: number;
  /** No fault is longer. */
  readonly longestMs?: number;
  /** No fault begins later than this after attach. */
  readonly forMs?: number;
}

interface FaultEntry {
  readonly kind: ScheduledFault;
  /** Undefined: the whole bus. */
  readonly address: number | undefined;
  readonly fromMs: number;
  readonly forMs: number;
}

const KINDS: readonly ScheduledFault[] = [
  'nack',
  'timeout',
  'wrongData',
  'loose',
  'stuck',
  'stuckForLong',
  'lost',
  'brownOut',
  'absentAtStart',
];
const DESKMATE1 = [0x36, 0x40, 0x41, 0x42, 0x72, 0x73];
/** How many transactions or chips are hit. */
const SHARE = { wrong: 0.2, short: 0.05, loose: 0.5, absent: 0.3 } as const;

export class FaultSchedule {
  private readonly random: FakeRandom;
  private readonly entries: FaultEntry[] = [];
  private readonly open = new Set<Heal>();
  private readonly timers = new Set<Timer>();
  private bus: FakeI2c | undefined;
  private startMs = 0;
  private lastHealMs: number | undefined;
  private begun = false;

  constructor(
    seed: number,
    private readonly options: FaultScheduleOptions = {},
  ) {
    this.random = new FakeRandom(seed);
  }

  attach(bus: FakeI2c): void {
    if (this.bus) throw new Error('this schedule is attached to a bus already');
    this.bus = bus;
    this.startMs = bus.clock.now();
    if (this.kinds.includes('absentAtStart'))
      for (const address of this.addresses)
        if (this.random.next() < SHARE.absent / 2) this.start(bus, 'absentAtStart', address);
    this.plan(bus);
  }

  /** All faults that have begun. */
  get log(): readonly FaultEntry[] {
    return this.entries;
  }

  /** Nothing is wrong on the wires at this moment. */
  get quiet(): boolean {
    return this.open.size === 0;
  }

  /** When the last fault was healed; undefined while one is open or more may come. */
  get healedAtMs(): number | undefined {
    return this.begun || this.open.size > 0 ? undefined : (this.lastHealMs ?? this.startMs);
  }

  /** No more faults; those that are open are healed. */
  stop(): void {
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    for (const heal of [...this.open]) heal();
    this.begun = false;
  }

  private plan(bus: FakeI2c): void {
    const { forMs = Number.POSITIVE_INFINITY, meanGapMs = 500 } = this.options;
    const gapMs = this.random.gap(meanGapMs);
    this.begun = bus.clock.now() + gapMs - this.startMs <= forMs;
    if (!this.begun) return;
    this.after(bus, gapMs, () => {
      const kinds = this.kinds.filter((kind) => kind !== 'absentAtStart');
      if (kinds.length > 0)
        this.start(bus, this.random.pick(kinds), this.random.pick(this.addresses));
      this.plan(bus);
    });
  }

  private start(bus: FakeI2c, kind: ScheduledFault, address: number): void {
    const { meanMs = 300, longestMs = 3_000 } = this.options;
    const wholeBus = kind === 'loose' || kind === 'stuck' || kind === 'stuckForLong';
    const forMs = kind === 'brownOut' ? 0 : Math.min(longestMs, this.random.gap(meanMs));
    this.entries.push({
      kind,
      address: wholeBus ? undefined : address,
      fromMs: bus.clock.now(),
      forMs,
    });
    if (kind === 'brownOut') {
      bus.brownOut(address);
      this.lastHealMs = bus.clock.now();
      return;
    }
    const heals = this.begin(bus, kind, address);
    const heal = (): void => {
      if (!this.open.delete(heal)) return;
      for (const each of heals) each();
      this.lastHealMs = bus.clock.now();
    };
    this.open.add(heal);
    this.after(bus, forMs, heal);
  }

  private begin(bus: FakeI2c, kind: ScheduledFault, address: number): Heal[] {
    switch (kind) {
      case 'nack':
      case 'timeout':
        return [bus.fail(address, kind)];
      case 'wrongData':
        return [bus.fail(address, 'flip', SHARE.wrong), bus.fail(address, 'short', SHARE.short)];
      case 'loose':
        return [bus.fail('all', 'nack', SHARE.loose)];
      case 'stuck':
        return [bus.stick(true)];
      case 'stuckForLong':
        return [bus.stick(false)];
      case 'lost':
      case 'absentAtStart':
        return [bus.lose(address)];
      case 'brownOut':
        return [];
    }
  }

  private after(bus: FakeI2c, ms: number, act: () => void): void {
    const timer = bus.clock.after(ms, () => {
      this.timers.delete(timer);
      act();
    });
    this.timers.add(timer);
  }

  private get addresses(): readonly number[] {
    return this.options.addresses ?? DESKMATE1;
  }

  private get kinds(): readonly ScheduledFault[] {
    return this.options.kinds ?? KINDS;
  }
}
