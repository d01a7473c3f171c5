import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Broker } from '../broker/broker.ts';
import { Redelivery } from './redelivery.ts';

/** Records of one source that are published and not yet stored by the fleet, at one time. */
const WINDOW = 32;
/** Retry interval of a record that the broker did not take while it seems connected. */
const RETRY_MS = 30_000;

/** As published. */
export interface OutgoingRecord {
  readonly id: string;
  readonly topic: string;
  readonly payload: object;
}

/** Records on disk that wait for somebody to store them, oldest first. */
export interface RecordSource {
  waiting(limit: number): Promise<readonly OutgoingRecord[]>;
  /** It is stored elsewhere and need not be kept. Unknown ids are ignored. */
  acknowledge(id: string): Promise<void>;
}

interface RecordDeliveryParts {
  readonly clock: Clock;
  readonly log: Log;
  /** 0 <= x < 1. */
  readonly random: () => number;
  readonly sources: readonly RecordSource[];
  /**
   * Whether a fleet service confirms what it has stored. Otherwise the broker's acknowledgement
   * must do: whoever reads there is unknown.
   */
  readonly confirmed: () => boolean;
}

/**
 * Sends records until they are stored: each at least once, in the order of their source. The
 * recipient counts each id once. A record that is not confirmed is sent again, with increasing
 * delays, and at once after the connection came back.
 */
export class RecordDelivery {
  private broker: Broker | undefined;
  private readonly inFlight = new Redelivery();
  private pumping = false;
  private again = false;
  private timer: Timer | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(private readonly parts: RecordDeliveryParts) {}

  publishTo(broker: Broker): void {
    this.broker = broker;
    this.unsubscribe = broker.onConnected((connected) => {
      this.inFlight.clear();
      if (connected) this.send();
    });
    this.send();
  }

  stop(): void {
    this.broker = undefined;
    this.unsubscribe?.();
    this.timer?.cancel();
  }

  /** A source has a new record. */
  send(): void {
    this.again = true;
    if (this.pumping || !this.broker?.connected) return;
    this.pumping = true;
    void this.pump(this.broker);
  }

  /** The fleet service has stored these. Resolves when they are no longer kept. */
  async stored(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      for (const source of this.parts.sources) await source.acknowledge(id);
      this.inFlight.delete(id);
    }
    this.send();
  }

  private async pump(broker: Broker): Promise<void> {
    let retryMs: number | undefined;
    try {
      while (this.again && this.broker === broker) {
        this.again = false;
        for (const source of this.parts.sources) await this.sendFrom(source, broker);
        // All that was due and still waits was sent just now.
        this.inFlight.dropDue(this.parts.clock.now());
      }
    } catch (error) {
      this.parts.log.debug({ error: String(error) }, 'records not sent yet');
      retryMs = RETRY_MS;
    } finally {
      this.pumping = false;
    }
    if (this.again && retryMs === undefined) this.send();
    else this.wakeIn(retryMs ?? this.inFlight.nextIn(this.parts.clock.now()));
  }

  private async sendFrom(source: RecordSource, broker: Broker): Promise<void> {
    for (;;) {
      const waiting = await source.waiting(WINDOW);
      const due = waiting.filter(({ id }) => this.inFlight.isDue(id, this.parts.clock.now()));
      for (const record of due) {
        if (this.broker !== broker) return;
        await this.sendOne(source, record, broker);
      }
      if (due.length === 0) return;
    }
  }

  private async sendOne(source: RecordSource, record: OutgoingRecord, broker: Broker) {
    const { clock, random, confirmed } = this.parts;
    // Before it is sent: the fleet's confirmation may overtake the broker's.
    this.inFlight.sent(record.id, clock.now(), random());
    try {
      await broker.publish(record.topic, JSON.stringify(record.payload));
    } catch (error) {
      this.inFlight.delete(record.id);
      throw error;
    }
    if (confirmed()) return;
    await source.acknowledge(record.id);
    this.inFlight.delete(record.id);
  }

  private wakeIn(ms: number | undefined): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (ms !== undefined && this.broker) this.timer = this.parts.clock.after(ms, () => this.send());
  }
}
