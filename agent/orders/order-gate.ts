import { SerialQueue } from '../../hal/common/asynchrony.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { RefusalLog } from '../model/refusal-counters.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import {
  Action,
  type Order,
  OrderPayload,
  type OrderRefusal,
  type SignedOrder,
  verifyOrder,
} from '../wire/order.ts';
import type { ReceiptRecord } from '../wire/record-ack.ts';
import { TYP } from '../wire/signalling.ts';
import { openToken, type Signer } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import type { AuditLog } from './audit-log.ts';
import { AFTER_CUT, type Executors, type Given, LONG } from './executors.ts';
import { knownTime } from './known-time.ts';
import { fleetOf, type Membership } from './membership.ts';
import type { OpenOrder, OrderState } from './order-state.ts';
import type { RecordSink, Result } from './ports.ts';
import { type ReceiptWords, receiptFor } from './receipts.ts';
import { AuditedRefusals } from './refusal-log.ts';

export type GateRefusal =
  | OrderRefusal
  /** The robot belongs to no fleet. */
  | 'noFleet'
  /** It has no `join` order yet, so nobody could verify its audit log. */
  | 'notJoined'
  /** No room for another key that signs, or too many orders at once. */
  | 'full';

/** What became of an order, for whoever brought it. */
export interface Answer {
  readonly outcome: 'done' | 'refused' | 'failed' | 'inProgress';
  readonly reason?: string;
  /** Signed by the robot; not while in progress, nor for what could not be read. */
  readonly record?: ReceiptRecord;
}

interface GateParts {
  readonly robot: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly time: TimeOfDay;
  readonly signer: () => Signer;
  readonly membership: Membership;
  readonly state: OrderState;
  readonly audit: AuditLog;
  readonly records: RecordSink;
  readonly refusals: RefusalLog;
  readonly executors: Executors;
  /** After each order that was carried out. */
  readonly onDone: () => void;
}

type Judged =
  | { readonly ok: true; readonly given: Given }
  | { readonly ok: false; readonly answer: Answer };

/**
 * The one entrance for orders, whoever carries them: verified, noted on disk, carried out once,
 * written to the audit log, answered. One after the other, but for long ones. Never rejects.
 */
export class OrderGate {
  private readonly queue = new SerialQueue();
  private readonly running = new Set<string>();
  private readonly refused: AuditedRefusals;

  constructor(private readonly parts: GateParts) {
    const { clock, audit, log } = parts;
    this.refused = new AuditedRefusals(clock, (happening) => {
      audit
        .append(happening)
        .catch((error: unknown) => log.error({ error: String(error) }, 'refusal not audited'));
    });
  }

  /** `shown`: somebody stands at the robot and shows it. */
  async receive(signed: SignedOrder, { shown }: { readonly shown: boolean }): Promise<Answer> {
    let long: Given | undefined;
    const answer = await this.inTurn(async () => {
      const judged = await this.judge(signed, shown);
      if (!judged.ok) return judged.answer;
      if (!LONG.has(judged.given.order.do.kind)) return this.carryOut(judged.given);
      long = judged.given;
      return undefined;
    });
    if (answer) return answer;
    return long ? this.guarded(() => this.carryOut(long as Given)) : broken;
  }

  /** Orders that a power cut interrupted, and receipts that it kept back. Call once, first. */
  resume(): Promise<Answer | undefined> {
    return this.inTurn(async () => {
      for (const open of this.parts.state.open) await this.again(open);
      for (const { order, record } of this.parts.state.unsent) await this.handOver(order, record);
      return undefined;
    });
  }

  /** Writes the sum of refusals that were only counted. */
  stop(): void {
    this.refused.sum();
  }

  private inTurn(act: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
    return this.queue.run(() => this.guarded(act));
  }

  private async guarded<T>(act: () => Promise<T>): Promise<T | Answer> {
    try {
      return await act();
    } catch (error) {
      this.parts.log.error({ error: String(error) }, 'an order could not be finished');
      return broken;
    }
  }

  private async judge(signed: SignedOrder, shown: boolean): Promise<Judged> {
    const { membership, state, robot } = this.parts;
    const fleet = membership.fleet ?? (shown ? await fleetOf(signed) : undefined);
    if (!fleet) return this.refuse('noFleet');
    const { nowS, pastS } = knownTime(this.parts.time);
    const verified = await verifyOrder(signed, {
      ...{ fleet: fleet.id, root: fleet.root, robot, school: membership.school },
      ...{ nowS, certainlyPastS: pastS, shown, consentUntilS: state.consentUntilS },
      ...{ lastN: state.lastN, isRevoked: state.isRevoked },
    });
    if (!verified.ok) return this.notNew(verified, signed);
    const { order, by } = verified;
    const reason = this.unfit(order) ?? (await this.refusalOfAge(order, nowS));
    if (reason) return this.refuse(reason, order.order);
    const open: OpenOrder = {
      ...{ order: order.order, kind: order.do.kind, by: by.key, role: by.role, signed },
    };
    const accepted = await state.accept(open, { n: order.n, exp: by.exp }, nowS ?? pastS);
    if (!accepted) return this.refuse('full', order.order);
    // Before the next one is judged: a long one runs beside it.
    this.running.add(order.order);
    const given = { order, signed, by: by.key, role: by.role, resumed: false };
    return { ok: true, given };
  }

  /** The same order again gets the same receipt; another one with an old number is a replay. */
  private async notNew(
    { reason, orderId }: { readonly reason: OrderRefusal; readonly orderId?: string },
    signed: SignedOrder,
  ): Promise<Judged> {
    const { state } = this.parts;
    if (reason === 'replayed' && orderId !== undefined) {
      const record = state.receiptOf(orderId);
      if (record) return { ok: false, answer: { outcome: 'done', record } };
      const open = state.open.find(
        (one) => one.order === orderId && one.signed.order === signed.order,
      );
      if (open && this.running.has(orderId))
        return { ok: false, answer: { outcome: 'inProgress' } };
      // The disk refused before: now it may be finished.
      if (open) return { ok: false, answer: await this.again(open) };
    }
    return this.refuse(reason, orderId);
  }

  private unfit({ do: { kind } }: Order): GateRefusal | undefined {
    const { membership } = this.parts;
    if (kind === 'join' || membership.joined) return undefined;
    return membership.fleet ? 'notJoined' : 'noFleet';
  }

  /** After a loss of the numbers, what was dated before could be a replay. */
  private async refusalOfAge(
    { iat }: Order,
    nowS: number | undefined,
  ): Promise<GateRefusal | undefined> {
    const { state } = this.parts;
    if (state.lost && nowS === undefined) return 'clockUnknown';
    if (state.lost && nowS !== undefined) await state.settle(nowS);
    return iat < state.notBeforeS ? 'replayed' : undefined;
  }

  private async again(open: OpenOrder): Promise<Answer> {
    const given = await this.givenAgain(open);
    if (given && AFTER_CUT[given.order.do.kind] === 'complete') return this.carryOut(given);
    return this.conclude(open, { ok: false, reason: 'interrupted: the robot was switched off' });
  }

  /** It was verified before it was written to the disk; its time may be over since. */
  private async givenAgain(open: OpenOrder): Promise<Given | undefined> {
    const { signed, by, role } = open;
    const opened = await openToken(signed.order, TYP.order, OrderPayload);
    const action = opened.ok ? Action.safeParse(opened.payload.do).data : undefined;
    if (!opened.ok || !action || opened.signer !== by) return undefined;
    return { order: { ...opened.payload, do: action }, signed, by, role, resumed: true };
  }

  private async carryOut(given: Given): Promise<Answer> {
    const { order, signed, by, role } = given;
    this.running.add(order.order);
    try {
      const result = await this.execute(given);
      const open = { order: order.order, kind: order.do.kind, by, role, signed };
      return await this.conclude(open, result);
    } finally {
      this.running.delete(order.order);
    }
  }

  private async execute(given: Given): Promise<Result> {
    const action = given.order.do;
    const act = this.parts.executors[action.kind] as (
      action: Action,
      given: Given,
    ) => Promise<Result>;
    try {
      return await act(action, given);
    } catch (error) {
      const { kind } = action;
      this.parts.log.error({ kind, error: String(error) }, 'an order failed');
      return { ok: false, reason: `error: ${error instanceof Error ? error.message : error}` };
    }
  }

  /** Audit entry, then receipt; both exist once, however often the power goes. */
  private async conclude(open: OpenOrder, result: Result): Promise<Answer> {
    const { audit, state, onDone, log } = this.parts;
    const { order, kind, by, role } = open;
    const outcome = result.ok ? 'done' : 'failed';
    const why = result.ok ? {} : { reason: result.reason.slice(0, 300) };
    const facts = result.ok && result.facts ? { facts: result.facts } : {};
    const entry =
      (await audit.entryOf(order, kind)) ??
      (await audit.append({ what: kind, by, role, order, outcome, ...why, ...facts }));
    const words: ReceiptWords = {
      ...{ order, outcome, ...why },
      ...(entry && { audit: { n: entry.n, hash: entry.hash } }),
      ...(result.ok && result.sealed !== undefined && { sealed: result.sealed }),
    };
    const record = await receiptFor(this.parts, words);
    if (result.ok) await result.conclude?.();
    await state.finish(order, record);
    log.info({ kind, order, role, outcome, ...why }, 'order');
    await this.handOver(order, record);
    onDone();
    return { outcome, ...why, record };
  }

  private async handOver(order: string, { id, robot, receipt }: ReceiptRecord): Promise<void> {
    const { records, state, log } = this.parts;
    try {
      await records.append({ id, topic: topics.receipt(robot), payload: { id, robot, receipt } });
      await state.sent(order);
    } catch (error) {
      log.error({ order, error: String(error) }, 'receipt not handed over; after the next start');
    }
  }

  private async refuse(reason: GateRefusal, order?: string): Promise<Judged> {
    this.parts.refusals.note('order', reason);
    this.refused.note({ reason, ...(order !== undefined && { order }) });
    if (order === undefined) return { ok: false, answer: { outcome: 'refused', reason } };
    const record = await receiptFor(this.parts, { order, outcome: 'refused', reason });
    return { ok: false, answer: { outcome: 'refused', reason, record } };
  }
}

/** The disk refuses, for example: the order stays open and is finished later. */
const broken: Answer = { outcome: 'failed', reason: 'notFinished: see the log of the robot' };
