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

/** Interval of telemetry, and its delay after a change, against floods by a flickering value. */
const TELEMETRY_MS = { always: 60_000, atChanges: 5_000 } as const;
/** Battery change that is reported, percent. */
const BATTERY_STEP = 5;

interface FleetParts {
  readonly robot: string;
  readonly version: string;
  readonly clock: Clock;
  readonly time: TimeOfDay;
  readonly log: Log;
  readonly refusals: RefusalCounters;
}

/** The state that the broker publishes when the robot vanishes. */
export function lastWill(robot: string, version: string, time: TimeOfDay): LastWill {
  const now = time.now();
  const payload = stateText({ name: 'lost', faults: [] }, version, now.wallMs, stampOf(now));
  return { topic: topics.state(robot), payload };
}

/**
 * Owner of the life cycle and of telemetry. Only the newest state matters: nothing is queued while
 * the broker is away, and on reconnection the present state is published (the broker may have
 * published the last will).
 */
export class Fleet {
  private life = newborn;
  private since: Moment;
  private readonly startMs: number;
  private body: Body | undefined;
  private broker: Broker | undefined;
  private timers: Timer[] = [];
  private telemetryTimer: Timer | undefined;
  private lastBattery: number | undefined;

  constructor(private readonly parts: FleetParts) {
    this.since = parts.time.now();
    this.startMs = parts.clock.now();
  }

  publishTo(broker: Broker): void {
    this.broker = broker;
    this.timers.push(this.parts.clock.every(TELEMETRY_MS.always, () => this.publishTelemetry()));
    broker.onConnected((connected) => connected && this.publishAll());
    if (broker.connected) this.publishAll();
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
      void this.publishState();
      this.publishTelemetrySoon();
    }
  }

  onBody(body: Body): void {
    this.body = body;
    const { percent } = body.battery;
    if (this.lastBattery !== undefined && Math.abs(percent - this.lastBattery) >= BATTERY_STEP)
      this.publishTelemetrySoon();
  }

  /** The time of day became known or was corrected: publishes again with corrected times. */
  onTime(): void {
    this.publishAll();
  }

  /** Publishes `disconnected`; resolves when the broker has acknowledged, or was unreachable. */
  async stop(): Promise<void> {
    for (const timer of this.timers) timer.cancel();
    this.telemetryTimer?.cancel();
    this.life = stepLife(this.life, { type: 'stopped' }).life;
    this.since = this.parts.time.now();
    await this.publishState();
  }

  private publishAll(): void {
    void this.publishState();
    this.publishTelemetry();
  }

  private async publishState(): Promise<void> {
    const { robot, version, time } = this.parts;
    const { wallMs, stamp } = time.correct(this.since.wallMs, stampOf(this.since));
    await this.publish(topics.state(robot), stateText(this.life, version, wallMs, stamp));
  }

  private publishTelemetrySoon(): void {
    if (this.telemetryTimer) return;
    this.telemetryTimer = this.parts.clock.after(TELEMETRY_MS.atChanges, () => {
      this.telemetryTimer = undefined;
      this.publishTelemetry();
    });
  }

  private publishTelemetry(): void {
    const { body } = this;
    if (!body) return;
    this.lastBattery = body.battery.percent;
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
      ...{ charging: body.battery.charging, batteryLevel: body.battery.level },
      computerC: body.heat.computerC,
      servoC: body.heat.servoC,
      heatLevel: body.heat.level,
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
  life: {
    readonly name: LifeState;
    readonly faults: readonly string[];
    readonly doing?: string | undefined;
  },
  version: string,
  since: number,
  clock: Stamp,
): string {
  const { name: state, faults, doing } = life;
  const message: StateMessage = {
    ...{ state, faults: faults.slice(0, 32), version },
    ...(doing !== undefined && { doing }),
    ...{ since, clock },
  };
  return JSON.stringify(message);
}
