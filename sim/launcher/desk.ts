/**
 * The desk that the robot stands on: what people can see of it from outside (its body, its
 * processes, its state on the broker) and do to it (press, push, break, mend).
 */
import type { SimBroker } from '../../agent/host/broker.ts';
import type { LogCollector } from '../../agent/host/log-collector.ts';
import { inOrder, type Processes } from '../../agent/host/processes.ts';
import type { Supervisor } from '../../agent/host/supervisor.ts';
import { StateMessage } from '../../agent/wire/fleet.ts';
import { jsonOf } from '../../hal/common/json.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import {
  ProcessName,
  type ProcessStatus,
  type Scene,
  type SimStatus,
} from '../console/messages.ts';
import type { Backstage, LauncherCommand } from '../console/page-sockets.ts';
import type { MediaRelay } from '../network/relay.ts';
import { referenceGeometry } from '../world/geometry.ts';
import type { WorldCommand } from '../world/schema.ts';
import { World, type WorldOptions } from '../world/world.ts';

interface DeskParts {
  readonly clock: Clock;
  readonly world: ObservedWorld;
  readonly broker: SimBroker;
  readonly relay: MediaRelay;
  readonly log: LogCollector;
  readonly robot: string;
  readonly version: string;
  /** Firmware runs at real-time priority. */
  readonly realTime: boolean;
}

/** Life-cycle states in which nobody can join. */
const AWAY: ReadonlySet<string> = new Set(['init', 'lost', 'disconnected']);

export class Desk implements Backstage {
  private readonly startedAtMs: number;
  private life: SimStatus['life'] = null;
  private wasReady = false;
  private whenReady: (() => void)[] = [];
  private processes: Processes | undefined;
  private brokerPort = 0;
  private changed: () => void = () => {};

  constructor(private readonly parts: DeskParts) {
    this.startedAtMs = parts.clock.now();
    parts.broker.onState((payload) => this.hearState(payload));
  }

  /** Switches the robot on. */
  run(processes: Processes, brokerPort: number, changed: () => void): void {
    this.processes = processes;
    this.brokerPort = brokerPort;
    this.changed = changed;
    this.watchForReset();
    for (const process of inOrder(processes).reverse()) process.start();
  }

  /** Resolves at the robot's first `ready`; rejects after `ms`. */
  ready(ms: number): Promise<void> {
    if (this.wasReady) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = this.parts.clock.after(ms, () =>
        reject(new Error(`the robot did not report on the broker within ${ms / 1000} s`)),
      );
      this.whenReady.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  scene(): Scene {
    const { world } = this.parts;
    return { kind: 'scene', world: world.snapshot(), commanded: world.commanded };
  }

  status(): SimStatus {
    const { clock, broker, relay, log, robot, version } = this.parts;
    const now = clock.now();
    const running = this.processes ? inOrder(this.processes).reverse() : [];
    return {
      kind: 'status',
      version,
      robot,
      ready: this.wasReady,
      upSeconds: seconds(now - this.startedAtMs),
      processes: running.map((one) => this.processStatus(one, now)),
      broker: { up: broker.up, refusals: broker.refusals },
      life: this.life,
      network: { setting: relay.setting, unavailable: null, ...relay.counts },
      warnings: log.warnings.map(({ atMs, process, text }) => ({
        secondsAgo: seconds(now - atMs),
        process,
        text,
      })),
    };
  }

  toWorld(command: WorldCommand): void {
    this.parts.world.apply(command);
  }

  toLauncher(command: LauncherCommand): boolean {
    switch (command.kind) {
      case 'kill':
        this.processes?.[command.process].kill();
        return true;
      case 'restart':
        this.processes?.[command.process].restart();
        return true;
      case 'network':
        this.parts.relay.set(command.setting);
        this.changed();
        return true;
      case 'broker':
        void this.switchBroker(command.up);
        return true;
    }
  }

  private async switchBroker(up: boolean): Promise<void> {
    const { broker } = this.parts;
    if (up === broker.up) return;
    if (up) await broker.start(this.brokerPort);
    else await broker.down();
    this.changed();
  }

  private processStatus(supervisor: Supervisor, now: number): ProcessStatus {
    const { state, pid, restarts, sinceMs, lastExit } = supervisor.report;
    const name = ProcessName.parse(supervisor.name);
    return {
      name,
      state,
      pid: pid ?? null,
      restarts,
      seconds: seconds(now - sinceMs),
      lastExit: lastExit ?? null,
      realTime: name === 'firmware' && this.parts.realTime,
    };
  }

  private hearState(payload: string): void {
    const told = readState(payload);
    if (!told) return;
    this.life = { state: told.state, faults: told.faults };
    if (!AWAY.has(told.state)) {
      this.wasReady = true;
      for (const resolve of this.whenReady.splice(0)) resolve();
    }
    this.changed();
  }

  /** A watchdog that was not fed resets the whole board: all processes go at once. */
  private watchForReset(): void {
    let bit = false;
    this.parts.world.onTell(({ watchdogBit }) => {
      if (watchdogBit && !bit) {
        for (const process of Object.values(this.processes ?? {})) process.kill();
      }
      bit = watchdogBit;
    });
  }
}

function readState(payload: string): StateMessage | undefined {
  return StateMessage.safeParse(jsonOf(payload)).data;
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

/** The world, and what firmware last wanted of its head: the pulses turned back into angles. */
export class ObservedWorld extends World {
  commanded: { panDeg: number; tiltDeg: number } | null = null;

  constructor(options: Omit<WorldOptions, 'geometry'>) {
    super({ ...options, geometry: referenceGeometry });
  }

  override apply(command: WorldCommand): void {
    super.apply(command);
    if (command.kind !== 'pulses') return;
    const { pan, tilt } = referenceGeometry;
    this.commanded = {
      panDeg: (command.panUs - pan.zeroUs) / pan.usPerDeg,
      tiltDeg: (command.tiltUs - tilt.zeroUs) / tilt.usPerDeg,
    };
  }
}
