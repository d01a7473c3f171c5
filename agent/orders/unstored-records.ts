import type { Log } from '../../hal/ports/log.ts';
import type { Broker } from '../broker/broker.ts';
import type { RecordSink } from './ports.ts';

/** Records that wait for the broker; beyond, the oldest is dropped. */
const MAX_WAITING = 64;

/**
 * Records for a robot without a store of records: sent once, in memory until then. Receipts and
 * audit entries themselves are on disk.
 */
export class UnstoredRecords implements RecordSink {
  private broker: Broker | undefined;
  private readonly waiting = new Map<string, { readonly topic: string; readonly text: string }>();
  private sending = false;

  constructor(private readonly log: Log) {}

  publishTo(broker: Broker): void {
    this.broker = broker;
    broker.onConnected((connected) => connected && this.send());
    this.send();
  }

  async append({ id, topic, payload }: Parameters<RecordSink['append']>[0]): Promise<void> {
    this.waiting.set(id, { topic, text: JSON.stringify(payload) });
    const [oldest] = this.waiting.keys();
    if (this.waiting.size > MAX_WAITING && oldest !== undefined) this.waiting.delete(oldest);
    this.send();
  }

  private send(): void {
    const { broker } = this;
    if (this.sending || !broker?.connected) return;
    this.sending = true;
    this.sendAll(broker)
      .catch((error: unknown) => this.log.debug({ error: String(error) }, 'records not sent'))
      .finally(() => {
        this.sending = false;
      });
  }

  private async sendAll(broker: Broker): Promise<void> {
    for (const [id, { topic, text }] of this.waiting) {
      await broker.publish(topic, text);
      this.waiting.delete(id);
    }
  }
}
