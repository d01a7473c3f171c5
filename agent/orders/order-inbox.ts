import { jsonOf } from '../../hal/common/json.ts';
import { TokenBucket } from '../../hal/common/token-bucket.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Broker } from '../broker/broker.ts';
import type { RefusalLog } from '../model/refusal-counters.ts';
import { SignedOrder } from '../wire/order.ts';
import { topics } from '../wire/topics.ts';
import type { Answer, OrderGate } from './order-gate.ts';

/** A timetable in an order, with a chain of four grants, is below that. Bytes. */
export const MAX_ORDER_BYTES = 64 * 1_024;
/** An order costs up to six signatures of about a millisecond. */
const ORDERS = { perSecond: 2, burst: 20 } as const;
/** Answers that are published beside the record, as to a repeated or refused order. */
const ANSWERS = { perSecond: 1, burst: 10 } as const;
/** Orders that wait for their turn. */
const MAX_WAITING = 8;

interface InboxParts {
  readonly robot: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly refusals: RefusalLog;
  readonly gate: OrderGate;
}

/** Orders from the broker, which is trusted with nothing: bounded, parsed, then to the gate. */
export class OrderInbox {
  private readonly orders: TokenBucket;
  private readonly answers: TokenBucket;
  private waiting = 0;
  private stopped = false;

  constructor(private readonly parts: InboxParts) {
    this.orders = new TokenBucket(parts.clock, ORDERS);
    this.answers = new TokenBucket(parts.clock, ANSWERS);
  }

  listen(broker: Broker): void {
    const { robot, log } = this.parts;
    broker
      .subscribe(topics.order(robot), (_topic, payload) => this.receive(broker, payload))
      .catch((error: unknown) => log.warn({ error: String(error) }, 'no orders yet'));
  }

  stop(): void {
    this.stopped = true;
  }

  private receive(broker: Broker, payload: Uint8Array): void {
    if (this.stopped) return;
    const signed = this.read(payload);
    if (typeof signed === 'string') {
      this.parts.refusals.note('order', signed);
      return;
    }
    this.waiting += 1;
    void this.parts.gate
      .receive(signed, { shown: false })
      .then((answer) => this.answer(broker, answer))
      .finally(() => {
        this.waiting -= 1;
      });
  }

  private read(payload: Uint8Array): SignedOrder | 'tooLong' | 'tooMany' | 'malformed' {
    if (payload.byteLength > MAX_ORDER_BYTES) return 'tooLong';
    if (this.waiting >= MAX_WAITING || !this.orders.take()) return 'tooMany';
    const json = jsonOf(new TextDecoder().decode(payload));
    return SignedOrder.safeParse(json).data ?? 'malformed';
  }

  /** Also what is a record already: whoever waits need not wait for the store. */
  private async answer(broker: Broker, { record }: Answer): Promise<void> {
    const { robot, log } = this.parts;
    if (!record || this.stopped || !this.answers.take()) return;
    await broker
      .publish(topics.receipt(robot), JSON.stringify(record))
      .catch((error: unknown) => log.debug({ error: String(error) }, 'answer not sent'));
  }
}
