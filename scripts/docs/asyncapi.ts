/** Builds the broker's AsyncAPI 3.0 document from the very schemas that parse its messages. */
import { z } from 'zod';
import { AuditEntry } from '../../agent/wire/audit.ts';
import { StateMessage, Telemetry, UsageRecord } from '../../agent/wire/fleet.ts';
import { TimeAnswer, TimeQuestion } from '../../agent/wire/fleet-time.ts';
import { Grant } from '../../agent/wire/grant.ts';
import { MAX_SIGNAL_BYTES } from '../../agent/wire/limits.ts';
import { LoginPayload } from '../../agent/wire/login.ts';
import { Identity, OrderPayload, Receipt, SignedOrder } from '../../agent/wire/order.ts';
import {
  AuditRecord,
  ReceiptRecord,
  RecordAck,
  RecordAckPayload,
} from '../../agent/wire/record-ack.ts';
import { Reported } from '../../agent/wire/settings.ts';
import {
  AnswerPayload,
  BindPayload,
  BoundPayload,
  ByePayload,
  ChallengePayload,
  HelloPayload,
  OfferPayload,
  RefusedPayload,
  RestartPayload,
  SignalDown,
  SignalUp,
  TYP,
} from '../../agent/wire/signalling.ts';
import { topics } from '../../agent/wire/topics.ts';
import { CandidatesPayload } from '../../agent/wire/trickle.ts';

interface Channel {
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly schema: z.ZodType;
  /** As seen from the robot. */
  readonly action: 'send' | 'receive';
  readonly retain: boolean;
}

const channels: Record<string, Channel> = {
  state: {
    address: topics.state('{robot}'),
    title: 'Life cycle state',
    description: 'Retained. `lost` is the last will of the connection.',
    schema: StateMessage,
    action: 'send',
    retain: true,
  },
  telemetry: {
    address: topics.telemetry('{robot}'),
    title: 'Measurements',
    description: 'Each minute and at changes. No content, no names of people.',
    schema: Telemetry,
    action: 'send',
    retain: true,
  },
  usage: {
    address: topics.usage('{robot}'),
    title: 'Usage record of one session',
    description: 'Kept on the robot until the broker has acknowledged it. Count each `id` once.',
    schema: UsageRecord,
    action: 'send',
    retain: false,
  },
  identity: {
    address: topics.identity('{robot}'),
    title: 'Who the robot is',
    description: 'Retained. The payload is a JWS by the robot (`deskmate-identity+jws`), not JSON.',
    schema: z.string(),
    action: 'send',
    retain: true,
  },
  reported: {
    address: topics.reported('{robot}'),
    title: 'Settings in force',
    description: 'Retained. By section: version, state, and why a version was rejected.',
    schema: Reported,
    action: 'send',
    retain: true,
  },
  order: {
    address: topics.order('{robot}'),
    title: 'Order to the robot',
    description: 'Signed by a person, with the grants that allow it. Repeating one is harmless.',
    schema: SignedOrder,
    action: 'receive',
    retain: false,
  },
  receipt: {
    address: topics.receipt('{robot}'),
    title: 'Answer to an order',
    description: 'Kept on the robot until the fleet service has stored it. Count each `id` once.',
    schema: ReceiptRecord,
    action: 'send',
    retain: false,
  },
  audit: {
    address: topics.audit('{robot}'),
    title: 'Entry of the audit log',
    description: 'Kept on the robot until the fleet service has stored it. Count each `id` once.',
    schema: AuditRecord,
    action: 'send',
    retain: false,
  },
  recordAck: {
    address: topics.recordAck('{robot}'),
    title: 'Records are stored',
    description: 'Signed by the fleet service: the robot need not keep these any longer.',
    schema: RecordAck,
    action: 'receive',
    retain: false,
  },
  timeQuestion: {
    address: topics.timeQuestion('{robot}'),
    title: 'What time is it?',
    description:
      'Asked once a minute by a robot that does not know and has a `fleetKey` in its configuration.',
    schema: TimeQuestion,
    action: 'send',
    retain: false,
  },
  timeAnswer: {
    address: topics.timeAnswer('{robot}'),
    title: 'What time it is',
    description: 'The payload is a JWS by the fleet (`deskmate-time+jws`), not JSON.',
    schema: z.string(),
    action: 'receive',
    retain: false,
  },
  signalUp: {
    address: topics.toRobot('{robot}', '{peer}'),
    title: 'Signalling, pupil to robot',
    description: `At most ${MAX_SIGNAL_BYTES} bytes. Tokens are signed (and for \`bind\` encrypted) end to end.`,
    schema: SignalUp,
    action: 'receive',
    retain: false,
  },
  signalDown: {
    address: topics.toPeer('{robot}', '{peer}'),
    title: 'Signalling, robot to pupil',
    description: 'Every token is a JWS by the robot, whose key the invitation named.',
    schema: SignalDown,
    action: 'send',
    retain: false,
  },
};

/** Payloads of the tokens, by the `typ` of their protected header. */
const tokens: Record<keyof typeof TYP, z.ZodType> = {
  hello: HelloPayload,
  challenge: ChallengePayload,
  bind: BindPayload,
  bound: BoundPayload,
  offer: OfferPayload,
  answer: AnswerPayload,
  deviceCandidates: CandidatesPayload,
  robotCandidates: CandidatesPayload,
  restart: RestartPayload,
  refused: RefusedPayload,
  bye: ByePayload,
  time: TimeAnswer,
  grant: Grant,
  order: OrderPayload,
  receipt: Receipt,
  identity: Identity,
  audit: AuditEntry,
  recordAck: RecordAckPayload,
  login: LoginPayload,
};

/** As it may come in: fields of a newer version are no fault where the schema skips them. */
const asSent = { io: 'input' } as const;

const parameters: Record<string, { description: string }> = {
  robot: { description: 'Robot id: 1-32 of a-z, 0-9 and hyphen' },
  peer: { description: 'Connection id chosen by the pupil: 32 hex digits' },
};

export function asyncApiDocument(version: string): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Deskmate on the broker',
      version,
      description:
        'MQTT 3.1.1, QoS 1. The broker carries messages and is trusted with nothing else: signalling is signed end to end.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: mapValues(channels, (channel, name) => ({
      address: channel.address,
      title: channel.title,
      description: channel.description,
      messages: { [name]: { $ref: `#/components/messages/${name}` } },
      parameters: parametersOf(channel.address),
    })),
    operations: mapValues(channels, (channel, name) => ({
      action: channel.action,
      summary: channel.title,
      channel: { $ref: `#/channels/${name}` },
      bindings: { mqtt: { qos: 1, retain: channel.retain } },
    })),
    components: {
      messages: mapValues(channels, (channel, name) => ({
        name,
        payload: z.toJSONSchema(channel.schema, asSent),
      })),
      schemas: mapValues(tokens, (schema, name) => ({
        title: TYP[name as keyof typeof TYP],
        ...z.toJSONSchema(schema, asSent),
      })),
    },
  };
}

function parametersOf(address: string): Record<string, { description: string }> {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => address.includes(`{${name}}`)),
  );
}

function mapValues<T, R>(
  record: Record<string, T>,
  map: (value: T, key: string) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
