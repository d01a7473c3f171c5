/** A robot of tests that says how it is, verifies orders, and answers them as a robot does. */
import { randomBytes } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { type AuditEntry, signAuditEntry } from '../../../wire/audit.ts';
import type { StateMessage } from '../../../wire/fleet.ts';
import { encryptJwe } from '../../../wire/jwe.ts';
import { type Action, Receipt, SignedOrder, verifyOrder } from '../../../wire/order.ts';
import { TYP } from '../../../wire/signalling.ts';
import {
  appoint,
  FLEET,
  freshSigner,
  order as orderOf,
  type Person,
} from '../../../wire/testing/fleet-people.ts';
import { hashToken, type Signer, signToken, thumbprint } from '../../../wire/token.ts';
import { topics } from '../../../wire/topics.ts';

interface JoinParts {
  readonly id: string;
  readonly school: string;
  readonly brokerUrl: string;
  readonly root: Person;
}

export class AnsweringRobot {
  readonly obeyed: Action['kind'][] = [];
  private head: { n: number; hash: string } | undefined;

  private constructor(
    private readonly parts: JoinParts,
    private readonly client: MqttClient,
    /** Answers are signed by it: another key than its own is a forgery. */
    public signer: Signer,
    readonly key: string,
  ) {}

  static async join(parts: JoinParts): Promise<AnsweringRobot> {
    const signer = await freshSigner();
    const client = await mqtt.connectAsync(parts.brokerUrl);
    const robot = new AnsweringRobot(parts, client, signer, await thumbprint(signer.jwk));
    const { id, root } = parts;
    const iat = Math.floor(Date.now() / 1_000) - 60;
    const central = await appoint(root, 'central', { kind: 'fleet' }, { iat, exp: iat + 7_200 });
    const join = { kind: 'join', school: parts.school, robotKey: robot.key } as const;
    const times = { iat, exp: iat + 3_600, n: iat };
    const evidence = await orderOf(central, join, { robot: id, ...times });
    await robot.audit({ what: 'joined', outcome: 'done', evidence });
    client.on('message', (_topic, payload) => void robot.hear(payload.toString()));
    await client.subscribeAsync(topics.order(id), { qos: 1 });
    await robot.say('ready');
    return robot;
  }

  async say(state: StateMessage['state']): Promise<void> {
    const said: StateMessage = { state, faults: [], version: '0.3.1', since: Date.now() };
    await this.publish(topics.state(this.parts.id), said, true);
  }

  close(): Promise<void> {
    return this.client.endAsync(true);
  }

  private async hear(text: string): Promise<void> {
    const { id, school, root } = this.parts;
    const verdict = await verifyOrder(SignedOrder.parse(JSON.parse(text)), {
      ...{ fleet: FLEET, root: root.key, certainlyPastS: 0, robot: id, school, shown: false },
      ...{ nowS: Date.now() / 1_000, lastN: () => -1, consentUntilS: 0, isRevoked: () => false },
    });
    if (!verdict.ok) return;
    const { order, do: action } = verdict.order;
    if (this.obeyed.includes(action.kind)) return;
    this.obeyed.push(action.kind);
    if (action.kind === 'assign') await this.audit({ what: 'wiped', outcome: 'done', order });
    await this.audit({ what: action.kind, outcome: 'done', order, by: verdict.by.key });
    const receipt: Receipt = { robot: id, order, at: Date.now(), outcome: 'done' };
    if ('replyKey' in action) {
      const expires = Math.floor(Date.now() / 1_000) + 86_400;
      const link = `https://deskmate.example/pupil/#r=${id}&s=${'s'.repeat(22)}`;
      receipt.sealed = await encryptJwe(action.replyKey, JSON.stringify({ link, expires }), 'json');
    }
    const token = await signToken(this.signer, TYP.receipt, Receipt.parse(receipt));
    const record = { id: randomBytes(16).toString('hex'), robot: id, receipt: token };
    await this.publish(topics.receipt(id), record);
  }

  private async audit(
    event: Pick<AuditEntry, 'what' | 'outcome' | 'order' | 'by' | 'evidence'>,
  ): Promise<void> {
    const { id } = this.parts;
    const { n = 0, hash = null } = this.head ?? {};
    const entry = { fleet: FLEET, log: id, n: n + 1, prev: hash, at: Date.now(), ...event };
    const token = await signAuditEntry(this.signer, entry);
    this.head = { n: n + 1, hash: await hashToken(token) };
    const record = { id: randomBytes(16).toString('hex'), robot: id, entry: token };
    await this.publish(topics.audit(id), record);
  }

  private async publish(topic: string, message: object, retain = false): Promise<void> {
    await this.client.publishAsync(topic, JSON.stringify(message), { qos: 1, retain });
  }
}
