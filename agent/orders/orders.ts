import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import type { Access } from '../access/access.ts';
import type { Broker } from '../broker/broker.ts';
import type { RefusalLog } from '../model/refusal-counters.ts';
import type { TimeOfDay } from '../time/time-service.ts';
import type { FleetTrust } from '../wire/grant.ts';
import type { SignedOrder } from '../wire/order.ts';
import { AuditLog } from './audit-log.ts';
import { ConsentWatch } from './consent.ts';
import { executorsFor } from './executors.ts';
import { IdentityPublisher } from './identity.ts';
import { knownTime } from './known-time.ts';
import { type FleetRoot, Membership } from './membership.ts';
import { type Answer, OrderGate } from './order-gate.ts';
import { OrderInbox } from './order-inbox.ts';
import { OrderState } from './order-state.ts';
import type { Facts, OrderPorts, RecordSink } from './ports.ts';
import type { WipeParts } from './wipe.ts';

export interface OrdersParts extends Pick<WipeParts, 'endSession' | 'presets' | 'clearTimetable'> {
  readonly robot: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Log;
  readonly time: TimeOfDay;
  readonly refusals: RefusalLog;
  /** From the configuration. */
  readonly fleet: FleetRoot | undefined;
  readonly records: RecordSink;
  readonly ports: OrderPorts;
  readonly inLesson: () => boolean;
  /** The school lets support in, or does not any more. */
  readonly onConsent: (holds: boolean) => void;
  /** The fleet was heard: an order was obeyed. */
  readonly onHeard: () => void;
  /** For invitations; see Config. */
  readonly brokerForPupils: string;
  readonly page: string;
}

/** Events for the audit log that are no orders. */
export type AuditEvent = 'started' | 'consentEnded' | 'pairing' | 'timeJumped' | 'networkChanged';

/** The robot's side of orders: opened once access is, as its answers are signed by its key. */
export class Orders {
  private readonly gate: OrderGate;
  private readonly inbox: OrderInbox;
  private readonly identity: IdentityPublisher;
  private readonly consent: ConsentWatch;

  private constructor(
    private readonly parts: OrdersParts & { readonly access: Access },
    readonly membership: Membership,
    private readonly state: OrderState,
    readonly audit: AuditLog,
  ) {
    const { robot, clock, log, time, access, refusals, brokerForPupils: broker } = parts;
    const signer = () => access.signer;
    const common = { ...parts, membership, state, audit, signer };
    const executors = executorsFor({ ...common, broker });
    this.gate = new OrderGate({ ...common, executors, onDone: () => this.changed() });
    this.inbox = new OrderInbox({ robot, clock, log, refusals, gate: this.gate });
    this.identity = new IdentityPublisher({
      ...{ robot, time, log, signer, encryptionKey: () => access.encryptionKey },
      fleet: () => membership.fleet?.id,
      school: () => membership.school,
      consentUntilS: () => state.consentUntilS,
    });
    this.consent = new ConsentWatch({
      ...{ clock, time, untilS: () => state.consentUntilS },
      onEnd: () => void this.note('consentEnded'),
      onChange: parts.onConsent,
    });
  }

  /** Finishes what a power cut interrupted. Rejects with StateUnreadable. */
  static async open(parts: OrdersParts, access: Access): Promise<Orders> {
    const { storage, log, fleet } = parts;
    const membership = await Membership.open(storage, log, fleet);
    const state = await OrderState.open(storage, log);
    const common = { ...parts, access };
    const audit = new AuditLog({ ...common, membership, signer: () => access.signer });
    const orders = new Orders(common, membership, state, audit);
    await orders.gate.resume();
    // A robot that starts again and again must not fill its log with that.
    const last = await audit.lastEntry().catch(() => undefined);
    if (last?.what !== 'started') await orders.note('started');
    return orders;
  }

  /** Until when the school lets support in, seconds since 1970; 0: not. */
  get consentUntilS(): number {
    return this.state.consentUntilS;
  }

  /** By what signatures of the fleet's people are judged; undefined while the robot is in no fleet. */
  get trust(): FleetTrust | undefined {
    const { fleet, joined } = this.membership;
    if (!fleet || !joined) return undefined;
    const { nowS, pastS } = knownTime(this.parts.time);
    const certainlyPastS = Math.max(pastS, nowS ?? 0);
    return { fleet: fleet.id, root: fleet.root, certainlyPastS, isRevoked: this.state.isRevoked };
  }

  start(broker: Broker): void {
    this.inbox.listen(broker);
    this.identity.publishTo(broker);
  }

  /** An order in a code that somebody shows to the robot. Never rejects. */
  show(order: SignedOrder): Promise<Answer> {
    return this.gate.receive(order, { shown: true });
  }

  /** Never rejects: an event that cannot be written is logged. */
  async note(what: AuditEvent, facts?: Facts): Promise<void> {
    const entry = { what, outcome: 'done', ...(facts && { facts }) } as const;
    await this.audit
      .append(entry)
      .catch((error: unknown) => this.parts.log.error({ what, error: String(error) }, 'no entry'));
  }

  stop(): void {
    this.inbox.stop();
    this.identity.stop();
    this.consent.stop();
    this.gate.stop();
  }

  private changed(): void {
    this.parts.onHeard();
    this.identity.publish();
    this.consent.look();
  }
}
