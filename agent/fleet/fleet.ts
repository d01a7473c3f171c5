import type { Body } from '../../firmware/link/schema.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Broker, LastWill } from '../broker/broker.ts';
import type { RefusalCounters } from '../model/refusal-counters.ts';
import { type Moment, type Stamp, stampOf } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import type { LifeState, StateMessage, Telemetry } from '../wire/fleet.ts';
import { topics } from '../wire/topics.ts';
import { type LifeEvent, newborn, stepLife } from './life.ts';

/** Telemetry is told this often; at changes it is held back, so that a flickering value makes no flood. */
const TELEMETRY_MS = { always: 60_000, atChanges: 5_000 } as const;
/** Battery steps that are a change worth telling, percent. */
const BATTERY_STEP = 5;

interface FleetParts {
  readonly robot: string;
  readonly version: string;
  readonly clock: Clock;
  readonly time: TimeOfDay;
  readonly log: Log;
  readonly refusals: RefusalCounters;
}

/** What the broker says for the robot when it falls silent. */
export function lastWill(robot: string, version: string, time: TimeOfDay): LastWill {
  const now = time.now();
  const payload = stateText('lost', [], version, now.wallMs, stampOf(now));
  return { topic: topics.state(robot), payload };
}

/**
 * Owner of the life cycle and of telemetry. Newest wins: while the broker is away nothing is kept,
 * and when it comes back the present state is told (the broker may have published the last will).
 */
export class Fleet {
  private life = newborn;
  private since: Moment;
  private readonly startMs: number;
  private body: Body | undefined;
  private broker: Broker | undefined;
  private timers: Timer[] = [];
  private held: Timer | undefined;
  private toldBattery: number | undefined;

  constructor(private readonly parts: FleetParts) {
    this.since = parts.time.now();
    this.startMs = parts.clock.now();
  }

  publishTo(broker: Broker): void {
    this.broker = broker;
    this.timers.push(this.parts.clock.every(TELEMETRY_MS.always, () => this.tellTelemetry()));
    broker.onConnected((connected) => connected && this.tellAll());
    if (broker.connected) this.tellAll();
  }

  on(event: LifeEvent): void {
    const from = this.life.name;
    const { life, effects } = stepLife(this.life, event);
    this.life = life;
    if (life.name !== from) {
      this.since = this.parts.time.now();
      const transition = { machine: 'life', from, event: event.type, to: life.name };
      this.parts.log.info(transition, 'transition');
    }
    for (const _ of effects) {
      void this.tellState();
      this.tellSoon();
    }
  }

  onBody(body: Body): void {
    this.body = body;
    const { percent } = body.battery;
    if (this.toldBattery !== undefined && Math.abs(percent - this.toldBattery) >= BATTERY_STEP)
      this.tellSoon();
  }

  /** The robot knows better what time it is: what was told with a guess is told again. */
  onTime(): void {
    this.tellAll();
  }

  /** Says `disconnected`; resolves when the broker has it, or has been out of reach. */
  async stop(): Promise<void> {
    for (const timer of this.timers) timer.cancel();
    this.held?.cancel();
    this.life = stepLife(this.life, { type: 'stopped' }).life;
    this.since = this.parts.time.now();
    await this.tellState();
  }

  private tellAll(): void {
    void this.tellState();
    this.tellTelemetry();
  }

  private async tellState(): Promise<void> {
    const { robot, version, time } = this.parts;
    const { name, faults } = this.life;
    const { wallMs, stamp } = time.correct(this.since.wallMs, stampOf(this.since));
    await this.publish(topics.state(robot), stateText(name, faults, version, wallMs, stamp));
  }

  private tellSoon(): void {
    if (this.held) return;
    this.held = this.parts.clock.after(TELEMETRY_MS.atChanges, () => {
      this.held = undefined;
      this.tellTelemetry();
    });
  }

  private tellTelemetry(): void {
    const { body } = this;
    if (!body) return;
    this.toldBattery = body.battery.percent;
    void this.publish(topics.telemetry(this.parts.robot), JSON.stringify(this.telemetry(body)));
  }

  private telemetry(body: Body): Telemetry {
    const { robot, clock, time, refusals } = this.parts;
    const now = time.now();
    return {
      robot,
      at: now.wallMs,
      clock: stampOf(now),
      upSeconds: Math.round((clock.now() - this.startMs) / 1_000),
      batteryPercent: Math.round(body.battery.percent),
      computerC: body.heat.computerC,
      servoC: body.heat.servoC,
      faults: [...this.life.faults].slice(0, 32),
      refused: refusals.snapshot(),
    };
  }

  private async publish(topic: string, payload: string): Promise<void> {
    if (!this.broker?.connected) return;
    try {
      await this.broker.publish(topic, payload, { retain: true });
    } catch (error) {
      this.parts.log.debug({ topic, error: String(error) }, 'not published');
    }
  }
}

function stateText(
  state: LifeState,
  faults: readonly string[],
  version: string,
  since: number,
  clock: Stamp,
): string {
  const message: StateMessage = { state, faults: faults.slice(0, 32), version, since, clock };
  return JSON.stringify(message);
}
