import type { Log } from '../../hal/ports/log.ts';
import type { Broker } from '../broker/broker.ts';
import type { Reported } from '../wire/settings.ts';
import { topics } from '../wire/topics.ts';

interface ReportedParts {
  readonly robot: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  readonly sections: () => Reported['sections'];
}

/** Publishes which settings the robot runs with, retained, when it connects and at each change. */
export class ReportedPublisher {
  private broker: Broker | undefined;
  private unsubscribe: (() => void) | undefined;
  private said = '';

  constructor(private readonly parts: ReportedParts) {}

  publishTo(broker: Broker): void {
    this.broker = broker;
    this.unsubscribe = broker.onConnected((connected) => {
      // The broker may have lost it.
      this.said = '';
      if (connected) this.publish();
    });
    if (broker.connected) this.publish();
  }

  stop(): void {
    this.unsubscribe?.();
    this.broker = undefined;
  }

  /** No effect when nothing has changed since it was last published. */
  publish(): void {
    const words = JSON.stringify(this.parts.sections());
    if (!this.broker?.connected || words === this.said) return;
    this.said = words;
    this.send().catch((error: unknown) => {
      this.said = '';
      this.parts.log.debug({ error: String(error) }, 'settings not reported');
    });
  }

  /** Resolves when the broker has acknowledged one: it is reached now. Rejects otherwise. */
  async send(): Promise<void> {
    const { robot, wall, sections } = this.parts;
    const { broker } = this;
    if (!broker) throw new Error('no broker yet');
    const reported: Reported = { robot, at: Math.max(0, wall()), sections: sections() };
    await broker.publish(topics.reported(robot), JSON.stringify(reported), { retain: true });
  }
}
