import { Debounce } from '../../hal/bus/debounce.ts';
import type { Button, ButtonChange, Switch } from '../../hal/ports/body.ts';
import type { SwitchName, WorldState } from '../world/schema.ts';
import { fault, type SimulatedBus } from './bus.ts';

/** An output line. `open-body` puts it to off when it opens it. */
export class SimulatedSwitch implements Switch {
  readonly present = true;
  private closed = false;

  constructor(
    private readonly bus: SimulatedBus,
    private readonly name: SwitchName,
  ) {}

  async set(on: boolean): Promise<void> {
    if (this.closed) throw fault('noAnswer', this.device, 'the line is closed');
    await this.bus.write(this.device, { kind: 'switch', name: this.name, on });
  }

  async read(): Promise<boolean> {
    return this.bus.read(this.device)[this.name];
  }

  async close(): Promise<void> {
    if (this.closed) return;
    await this.set(false);
    this.closed = true;
  }

  private get device(): string {
    return `${this.name} line (simulated)`;
  }
}

export class SimulatedButton implements Button {
  readonly present = true;
  private readonly listeners = new Set<(change: ButtonChange) => void>();
  private readonly debounce: Debounce;
  private readonly stopWatching: () => void;
  private closed = false;

  constructor(
    private readonly bus: SimulatedBus,
    private readonly name: 'teacher' | 'pair',
  ) {
    // Held down while the driver opens: only its release is reported.
    const held = bus.world.latest?.buttons[name] ?? false;
    this.debounce = new Debounce(bus.clock, held, (change) => {
      for (const listener of this.listeners) listener(change);
    });
    this.stopWatching = bus.world.onState((state) => {
      // Both sides count by the machine's own clock, and states may wait to be read.
      const atMs = Math.min(state.atMs, bus.clock.now());
      if (!isCut(name, state)) this.debounce.see(state.buttons[name], atMs);
    });
  }

  onChange(listener: (change: ButtonChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async read(): Promise<boolean> {
    const device = `${this.name} button (simulated)`;
    if (this.closed) throw fault('noAnswer', device, 'the line is closed');
    const state = this.bus.read(device);
    if (isCut(this.name, state)) throw fault('noAnswer', device, 'its line cannot be read');
    return state.buttons[this.name];
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stopWatching();
    this.debounce.close();
    this.listeners.clear();
  }
}

const isCut = (name: 'teacher' | 'pair', { faults }: WorldState): boolean =>
  name === 'teacher' && faults.includes('teacherButtonLost');
