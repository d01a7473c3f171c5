import type { GpioChip, InputLine, LineOptions, OutputLine } from '../bus/gpio.ts';
import type { Clock } from '../ports/clock.ts';
import { HardwareFault } from '../ports/fault.ts';

/** What a wire has been: its levels in the order in which they came, the first when opened. */
interface Wire {
  direction: 'in' | 'out' | 'free';
  activeLow: boolean;
  /** Logical level: a rail that is on, a button that is down. */
  active: boolean;
  readonly history: boolean[];
  edge: (on: boolean, atMs: number) => void;
  /** Whoever waited for edges has died, and says why, or (`''`) does not even know. */
  deaf: string | undefined;
}

interface FakeGpioOptions {
  readonly name?: string;
  /** How many lines the chip has. */
  readonly lines?: number;
}

/**
 * A GPIO chip in memory, with fingers on its inputs, wires that can be looked at, other consumers
 * that hold lines, and a cut between chip and computer. Levels of a wire are electrical: an
 * active-low line that is on has a low wire.
 */
export class FakeGpio implements GpioChip {
  readonly name: string;
  private readonly lines: number;
  private readonly wires = new Map<number, Wire>();
  private readonly heldBy = new Map<number, string>();
  private reachable = true;

  constructor(
    private readonly clock: Clock,
    options: FakeGpioOptions = {},
  ) {
    this.name = options.name ?? 'gpiochip0 (in memory)';
    this.lines = options.lines ?? 32;
  }

  async output(offset: number, options: LineOptions): Promise<OutputLine> {
    const wire = this.take(offset, 'out', options);
    wire.active = false;
    wire.history.push(wire.activeLow);
    return new FakeOutput(this, offset, options);
  }

  async input(offset: number, options: LineOptions): Promise<InputLine> {
    const wire = this.take(offset, 'in', options);
    return new FakeInput(this, offset, options, wire);
  }

  async close(): Promise<void> {
    for (const [offset, wire] of this.wires) {
      if (wire.direction === 'out') this.put(offset, false);
      this.release(offset);
    }
  }

  /** The bench's finger: the contact of an input is made or parted, whatever its polarity. */
  press(offset: number, pressed: boolean): void {
    const wire = this.wire(offset);
    if (wire.direction === 'out') throw new Error(`line ${offset} is an output: nobody presses it`);
    if (wire.active === pressed) return;
    wire.active = pressed;
    // What happens on a wire that is cut is never heard of.
    const heard = this.reachable && wire.deaf === undefined;
    if (wire.direction === 'in' && heard) wire.edge(pressed, this.clock.now());
  }

  /** The level on the wire, `true` is high. Lines that were never opened are low. */
  high(offset: number): boolean {
    const wire = this.wire(offset);
    return wire.active !== wire.activeLow;
  }

  /** Levels that an output's wire has had since it was first opened, `true` is high. */
  history(offset: number): readonly boolean[] {
    return this.wire(offset).history;
  }

  /** Cuts the chip off: every call rejects with `noAnswer`. Outputs keep their level. */
  lose(): void {
    this.reachable = false;
  }

  restore(): void {
    this.reachable = true;
  }

  /** No edge of this line is told any more until it is opened anew; `''`: and nobody notices. */
  deafen(offset: number, why: string): void {
    this.wire(offset).deaf = why;
  }

  /** Another process has the line; `undefined` gives it back. */
  hold(offset: number, consumer: string | undefined): void {
    if (consumer === undefined) this.heldBy.delete(offset);
    else this.heldBy.set(offset, consumer);
  }

  /** For the lines of this chip: the logical level as its kernel would report it. */
  level(offset: number, consumer: string): boolean {
    this.reach(offset, consumer);
    return this.wire(offset).active;
  }

  set(offset: number, consumer: string, on: boolean): void {
    this.reach(offset, consumer);
    this.put(offset, on);
  }

  /** A line's end: as in a kernel, it succeeds without the chip, and the wire then stays as it is. */
  end(offset: number): void {
    const wire = this.wire(offset);
    if (wire.direction === 'out' && this.reachable) this.put(offset, false);
    this.release(offset);
  }

  private put(offset: number, on: boolean): void {
    const wire = this.wire(offset);
    wire.active = on;
    const high = on !== wire.activeLow;
    if (wire.history.at(-1) !== high) wire.history.push(high);
  }

  private release(offset: number): void {
    const wire = this.wire(offset);
    wire.direction = 'free';
    wire.edge = () => {};
  }

  private take(offset: number, direction: 'in' | 'out', options: LineOptions): Wire {
    this.reach(offset, options.consumer);
    const wire = this.wire(offset);
    const holder =
      this.heldBy.get(offset) ?? (wire.direction === 'free' ? undefined : 'this process');
    if (holder !== undefined)
      throw new HardwareFault(
        'busy',
        `${options.consumer} line`,
        `line ${offset} of ${this.name} is in use by ${holder}; end that program`,
      );
    wire.direction = direction;
    wire.deaf = undefined;
    wire.activeLow = options.activeLow;
    return wire;
  }

  private wire(offset: number): Wire {
    const known = this.wires.get(offset);
    if (known) return known;
    const wire: Wire = {
      direction: 'free',
      activeLow: false,
      active: false,
      history: [],
      edge: () => {},
      deaf: undefined,
    };
    this.wires.set(offset, wire);
    return wire;
  }

  private reach(offset: number, consumer: string): void {
    const device = `${consumer} line`;
    if (!Number.isInteger(offset) || offset < 0 || offset >= this.lines)
      throw new HardwareFault(
        'badData',
        device,
        `${this.name} has no line ${offset}, expected 0..${this.lines - 1}; correct the board file`,
      );
    if (!this.reachable)
      throw new HardwareFault('noAnswer', device, `${this.name} does not answer on line ${offset}`);
  }
}

class FakeOutput implements OutputLine {
  private closed = false;

  constructor(
    private readonly chip: FakeGpio,
    private readonly offset: number,
    private readonly options: LineOptions,
  ) {}

  async set(on: boolean): Promise<void> {
    this.open();
    this.chip.set(this.offset, this.options.consumer, on);
  }

  async get(): Promise<boolean> {
    this.open();
    return this.chip.level(this.offset, this.options.consumer);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.chip.end(this.offset);
  }

  private open(): void {
    if (this.closed)
      throw new HardwareFault('noAnswer', `${this.options.consumer} line`, 'the line is closed');
  }
}

class FakeInput implements InputLine {
  private readonly listeners = new Set<(on: boolean, atMs: number) => void>();
  private closed = false;

  constructor(
    private readonly chip: FakeGpio,
    private readonly offset: number,
    private readonly options: LineOptions,
    private readonly wire: Wire,
  ) {
    wire.edge = (on, atMs) => {
      for (const listener of [...this.listeners]) listener(on, atMs);
    };
  }

  async get(): Promise<boolean> {
    if (this.closed)
      throw new HardwareFault('noAnswer', `${this.options.consumer} line`, 'the line is closed');
    return this.chip.level(this.offset, this.options.consumer);
  }

  get deaf(): string | undefined {
    return this.wire.deaf || undefined;
  }

  onEdge(listener: (on: boolean, atMs: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.listeners.clear();
    this.chip.end(this.offset);
  }
}
