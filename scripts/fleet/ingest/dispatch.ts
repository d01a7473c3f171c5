/** Orders on their way: published when posted, again whenever the robot comes back, until answered. */
import { Action, OrderPayload, SignedOrder } from '../../../agent/wire/order.ts';
import { TYP } from '../../../agent/wire/signalling.ts';
import { openToken } from '../../../agent/wire/token.ts';
import { topics } from '../../../agent/wire/topics.ts';
import { messageOf } from '../../../hal/common/errors.ts';
import { jsonOf } from '../../../hal/common/json.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import type { Log } from '../../../hal/ports/log.ts';
import type { Answer } from '../store/intake-table.ts';
import type { StoredOrder } from '../store/order-table.ts';
import type { FleetStore } from '../store/store.ts';

/** Of several services that hear a robot come back, one sends. */
const CLAIM_MS = 2_000;
/** Without an answer it is sent again, also to a robot that never seemed away. */
const REPEAT_MS = 5 * 60_000;
const MOST_AT_ONCE = 500;

interface DispatchParts {
  readonly store: FleetStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly publish: (topic: string, payload: string) => Promise<void>;
  /** From the order's arrival to its answer. */
  readonly onAnswered: (ms: number) => void;
}

export class Dispatch {
  private awake = new Set<string>();
  private sending = false;

  constructor(private readonly parts: DispatchParts) {}

  /** A new one. */
  async send(order: StoredOrder): Promise<void> {
    await this.publish(order, CLAIM_MS);
  }

  /** These robots say that they are there. Nobody waits: the ingest must go on to hear the broker. */
  robotsAwake(robots: readonly string[]): void {
    for (const robot of robots) this.awake.add(robot);
    if (this.sending || this.awake.size === 0) return;
    this.sending = true;
    this.sendToAwake()
      .catch((error: unknown) =>
        this.parts.log.warn({ error: messageOf(error) }, 'orders were not sent'),
      )
      .finally(() => {
        this.sending = false;
      });
  }

  private async sendToAwake(): Promise<void> {
    while (this.awake.size > 0) {
      const robots = [...this.awake].slice(0, MOST_AT_ONCE);
      for (const robot of robots) this.awake.delete(robot);
      await this.sendOpen(CLAIM_MS, robots);
    }
  }

  /** The periodic job: ends what is over, repeats what nobody answered. */
  async repeat(): Promise<void> {
    const { store, clock } = this.parts;
    await store.orders.expire(clock.wall());
    await this.sendOpen(REPEAT_MS);
  }

  /** What an order that was carried out means for the service. May come again. */
  async answered(answers: readonly Answer[]): Promise<void> {
    for (const { robot, order, outcome } of answers) {
      const stored = await this.parts.store.orders.get(robot, order);
      if (!stored || outcome !== 'done') continue;
      if (stored.answered !== null) this.parts.onAnswered(stored.answered - stored.created);
      await this.takeEffect(stored);
    }
  }

  private async takeEffect(stored: StoredOrder): Promise<void> {
    const { store } = this.parts;
    const action = await actionOf(stored);
    if (action?.kind === 'timetable') {
      const { robot, id, created } = stored;
      await store.orders.putPlan({
        robot,
        timetable: action.timetable,
        order: id,
        updated: created,
      });
    }
    if (action?.kind === 'leave') await store.robots.remove(stored.robot);
  }

  private async sendOpen(notWithinMs: number, robots?: readonly string[]): Promise<void> {
    if (robots?.length === 0) return;
    const { store, clock } = this.parts;
    const open = await store.orders.open(clock.wall(), MOST_AT_ONCE, robots);
    for (const order of open) await this.publish(order, notWithinMs);
  }

  private async publish({ robot, id, body }: StoredOrder, notWithinMs: number): Promise<void> {
    const { store, clock, log, publish } = this.parts;
    const now = clock.wall();
    if (!(await store.orders.claimSend(robot, id, now, now - notWithinMs))) return;
    try {
      await publish(topics.order(robot), body);
    } catch (error) {
      // It goes again when the robot is heard or the job comes round.
      log.info({ robot, order: id, error: messageOf(error) }, 'order not sent yet');
    }
  }
}

async function actionOf({ body }: StoredOrder): Promise<Action | undefined> {
  const signed = SignedOrder.safeParse(jsonOf(body));
  if (!signed.success) return undefined;
  const opened = await openToken(signed.data.order, TYP.order, OrderPayload);
  return opened.ok ? Action.safeParse(opened.payload.do).data : undefined;
}
