import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { Random } from '../time/random.ts';
import { type BatteryState, batteryAt, isFlat, readGauge, stepBattery } from './battery.ts';
import { type Geometry, referenceGeometry } from './geometry.ts';
import { HeadDynamics } from './head-dynamics.ts';
import { Lines } from './lines.ts';
import {
  type Consumers,
  coldStart,
  computerWatts,
  type HeatState,
  stepHeat,
  totalWatts,
} from './power.ts';
import type { Pulses } from './pulse-train.ts';
import {
  CODE_TURN_MS,
  type FaultName,
  WORLD_STEP_MS,
  WORLD_TELL_MS,
  type WorldCommand,
  WorldRefusal,
  type WorldState,
} from './schema.ts';
import { Surface } from './surface.ts';

export interface WorldOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly geometry?: Geometry;
  /** Charge at the beginning, 0..100. */
  readonly batteryPercent?: number;
}

/** After a longer pause (a laptop was closed) the world goes on from now. */
const MAX_CATCH_UP_MS = 1_000;
const LOW_PERCENT = 9;
const EMPTY_PERCENT = 1;

/**
 * The body of one simulated robot and the people around it. It moves in steps of 5 ms of the
 * clock's time, however late its timer is, and tells its state each 10 ms.
 */
export class World {
  private readonly clock: Clock;
  private readonly head: HeadDynamics;
  private readonly lines = new Lines();
  private readonly surface = new Surface();
  private battery: BatteryState;
  private heat: HeatState = coldStart;
  private readonly faults = new Set<FaultName>();
  /** On a tablet before the lens, since when. */
  private held: { readonly codes: readonly string[]; readonly sinceMs: number } | undefined;
  private readonly listeners = new Set<(state: WorldState) => void>();
  /** The world has been moved up to here. */
  private reachedMs: number;
  private toldMs: number;
  private timer: Timer | undefined;

  constructor(options: WorldOptions) {
    this.clock = options.clock;
    this.head = new HeadDynamics(options.geometry ?? referenceGeometry, new Random(options.seed));
    this.battery = batteryAt(options.batteryPercent ?? 92);
    this.reachedMs = this.clock.now();
    this.toldMs = this.reachedMs;
  }

  start(): void {
    if (this.timer) return;
    this.reachedMs = this.clock.now();
    this.timer = this.clock.every(WORLD_STEP_MS, () => this.beat());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** Calls `listener` with each published state. Returns a function that ends it. */
  onTell(listener: (state: WorldState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes a command now. Throws WorldRefusal, and has changed nothing then. */
  apply(command: WorldCommand): void {
    this.carryOut(command);
    // Streamed values show with the next published state; the rest shows at once.
    if (!STREAMED.has(command.kind)) this.tell();
  }

  /** What stands on the servos' wires, as an oscilloscope would show it. */
  get pulses(): Pulses | undefined {
    return this.head.onWires;
  }

  snapshot(): WorldState {
    const consumers = this.consumers();
    return {
      kind: 'world',
      atMs: this.clock.now(),
      ...this.head.truth(),
      servosOn: this.head.powered,
      ...this.surface.truth(this.clock.now()),
      cameraRail: this.lines.get('cameraRail'),
      microphoneRail: this.lines.get('microphoneRail'),
      amplifier: this.lines.get('amplifier'),
      battery: readGauge(this.battery, totalWatts(consumers), this.mostPercent()),
      computerC: this.heat.computerC,
      servoC: this.heat.servoC,
      faults: [...this.faults],
      code: this.codeNow(),
      watchdogBit: this.lines.watchdogBit,
    };
  }

  private carryOut(command: WorldCommand): void {
    const now = this.clock.now();
    switch (command.kind) {
      case 'pulses':
        this.head.setPulses(command.panUs, command.tiltUs);
        break;
      case 'release':
        this.head.release();
        break;
      case 'pushHead':
        this.head.push(command, now, command.forMs);
        break;
      case 'lights':
        this.surface.light(command.ring, command.hand);
        break;
      case 'eyes':
        this.surface.lookWith(command.left, command.right, command.brightness);
        break;
      case 'speaking':
        this.surface.speak(command.level, now);
        break;
      case 'button':
        this.surface.press(command.name, command.pressed);
        break;
      case 'switch':
        this.lines.set(command.name, command.on);
        break;
      case 'watchdog':
        this.lines.kick(command.armed, now);
        break;
      case 'charger':
        this.battery = { ...this.battery, plugged: command.plugged };
        break;
      case 'fault':
        if (command.on) this.faults.add(command.name);
        else this.faults.delete(command.name);
        break;
      case 'holdUp':
        this.held = command.codes.length > 0 ? { codes: command.codes, sinceMs: now } : undefined;
        break;
      default:
        refuse(command);
    }
  }

  private beat(): void {
    const now = this.clock.now();
    if (now - this.reachedMs > MAX_CATCH_UP_MS) this.reachedMs = now - MAX_CATCH_UP_MS;
    while (this.reachedMs + WORLD_STEP_MS <= now + 1e-6) {
      this.reachedMs += WORLD_STEP_MS;
      this.step(this.reachedMs);
    }
    if (now - this.toldMs >= WORLD_TELL_MS - 1e-6) this.tell();
  }

  private step(atMs: number): void {
    const dtS = WORLD_STEP_MS / 1000;
    this.head.step(atMs, dtS, this.faults);
    const consumers = this.consumers();
    this.battery = stepBattery(this.battery, totalWatts(consumers), dtS);
    this.heat = stepHeat(
      this.heat,
      {
        computerW: computerWatts(consumers),
        servoEffort: this.head.hardestEffort,
        hot: this.faults.has('hot'),
      },
      dtS,
    );
    if (this.lines.checkWatchdog(atMs)) this.head.release();
    if (isFlat(this.battery)) this.powerLoss();
  }

  /** Without power nothing holds and nothing shines. */
  private powerLoss(): void {
    this.lines.allOff();
    this.head.release();
    this.surface.dark();
  }

  private consumers(): Consumers {
    return {
      camera: this.lines.get('cameraRail'),
      microphone: this.lines.get('microphoneRail'),
      amplifier: this.lines.get('amplifier'),
      servosOn: this.head.powered,
      effort: this.head.totalEffort,
      ...this.surface.drain(this.clock.now()),
    };
  }

  private codeNow(): string | null {
    if (!this.held) return null;
    const { codes, sinceMs } = this.held;
    return codes[Math.floor((this.clock.now() - sinceMs) / CODE_TURN_MS) % codes.length] ?? null;
  }

  private mostPercent(): number {
    if (this.faults.has('batteryEmpty')) return EMPTY_PERCENT;
    return this.faults.has('batteryLow') ? LOW_PERCENT : 100;
  }

  private tell(): void {
    const state = this.snapshot();
    // Kept on the grid: a late telling does not shift those after it.
    this.toldMs = Math.floor(state.atMs / WORLD_TELL_MS) * WORLD_TELL_MS;
    for (const listener of this.listeners) listener(state);
  }
}

/** Commands that come many times a second and change nothing that a driver reads back. */
const STREAMED: ReadonlySet<WorldCommand['kind']> = new Set([
  'pulses',
  'lights',
  'eyes',
  'speaking',
  'watchdog',
]);

function refuse(command: never): never {
  throw new WorldRefusal(`the world knows no ${JSON.stringify(command)}`);
}
