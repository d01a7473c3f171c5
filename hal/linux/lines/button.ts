import type { GpioLine } from '../../boards/board.ts';
import { DEBOUNCE_MS, Debounce } from '../../bus/debounce.ts';
import type { GpioChip, InputLine } from '../../bus/gpio.ts';
import type { Button, ButtonChange } from '../../ports/body.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';

/**
 * The kernel buffers 16 edges per line and drops later ones, so a contact that bounces while this
 * process is busy may lose its last edge. The level itself is therefore read once there have been no
 * edges for this long, before the debounce time ends.
 */
const RECHECK_MS = DEBOUNCE_MS / 2;

/** Readings of a level without an edge, until it is taken as real and not just ahead of its edge. */
const UNTOLD_LOOKS = 2;
/** Consecutive changes without an edge that overflow of the kernel's buffer cannot explain. */
const UNTOLD_CHANGES = 2;

/** A push button on a GPIO line. If it is held while opened, its release is reported. */
export async function openButton(
  chip: GpioChip,
  line: GpioLine,
  consumer: string,
  clock: Clock,
): Promise<Button> {
  const { offset, activeLow } = line;
  const input = await chip.input(offset, { activeLow, consumer });
  try {
    return new LineButton(input, await input.get(), consumer, clock);
  } catch (error) {
    await input.close();
    throw error;
  }
}

class LineButton implements Button {
  readonly present = true;
  private readonly listeners = new Set<(change: ButtonChange) => void>();
  private readonly debounce: Debounce;
  private readonly stopWatching: () => void;
  private recheck: Timer | undefined;
  private closed = false;
  /** Level by the edges. */
  private level: boolean;
  private untoldLooks = 0;
  private untoldChanges = 0;

  constructor(
    private readonly line: InputLine,
    initial: boolean,
    private readonly consumer: string,
    private readonly clock: Clock,
  ) {
    this.level = initial;
    this.debounce = new Debounce(clock, initial, (change) => {
      for (const listener of [...this.listeners]) listener(change);
    });
    this.stopWatching = line.onEdge((on, atMs) => {
      this.level = on;
      this.untoldLooks = 0;
      this.untoldChanges = 0;
      this.debounce.see(on, atMs);
      this.recheckSoon();
    });
    // An edge between the first reading and now had no listener.
    this.recheckSoon();
  }

  onChange(listener: (change: ButtonChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async read(): Promise<boolean> {
    const on = await this.line.get();
    if (this.closed) throw this.fault('it was closed');
    // A press without an edge still counts.
    this.debounce.see(on);
    this.compare(on);
    const { deaf } = this.line;
    if (deaf !== undefined) throw this.fault(`presses are not noticed any more: ${deaf}`);
    if (this.untoldChanges >= UNTOLD_CHANGES)
      throw this.fault(
        'presses are not noticed any more: its level changes and no edge is told of it',
      );
    return on;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stopWatching();
    this.recheck?.cancel();
    this.debounce.close();
    this.listeners.clear();
    await this.line.close();
  }

  private compare(on: boolean): void {
    if (on === this.level) {
      this.untoldLooks = 0;
      return;
    }
    this.untoldLooks += 1;
    if (this.untoldLooks < UNTOLD_LOOKS) return;
    this.untoldLooks = 0;
    this.untoldChanges += 1;
    this.level = on;
  }

  private fault(what: string): HardwareFault {
    return new HardwareFault('noAnswer', `${this.consumer} line`, what);
  }

  private recheckSoon(): void {
    this.recheck?.cancel();
    this.recheck = this.clock.after(RECHECK_MS, () => {
      this.line.get().then(
        (on) => {
          if (!this.closed) this.debounce.see(on);
        },
        // Unreadable: the next edge triggers another reading.
        () => {},
      );
    });
  }
}
