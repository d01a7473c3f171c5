/** What a robot's message is, by its topic: parsed here, and by nobody else in the service. */
import type { z } from 'zod';
import { StateMessage, Telemetry, UsageRecord } from '../../../agent/wire/fleet.ts';
import { AuditRecord, ReceiptRecord } from '../../../agent/wire/record-ack.ts';
import { Reported } from '../../../agent/wire/settings.ts';
import { Token } from '../../../agent/wire/signalling.ts';
import { RobotId, topics } from '../../../agent/wire/topics.ts';
import { firstIssue, jsonOf } from '../../../hal/common/json.ts';

/** A longer payload is refused unparsed. Logs of 2,000 lines come sealed in a receipt. */
export const MAX_PAYLOAD_BYTES = 128 * 1024;
/** The last moment of ECMAScript's dates: a later one is none. */
const LAST_MS = 8.64e15;

export type Message =
  | { readonly kind: 'state'; readonly state: StateMessage }
  | { readonly kind: 'telemetry'; readonly telemetry: Telemetry }
  | { readonly kind: 'reported'; readonly reported: Reported }
  | { readonly kind: 'identity'; readonly token: string }
  | { readonly kind: 'usage'; readonly id: string; readonly at: number }
  | { readonly kind: 'receipt'; readonly id: string; readonly token: string }
  | { readonly kind: 'audit'; readonly id: string; readonly token: string };

export type Channel = Message['kind'];
export const CHANNELS = [
  ...(['state', 'telemetry', 'reported', 'identity', 'usage', 'receipt', 'audit'] as const),
];

export interface Received {
  readonly robot: string;
  readonly message: Message;
  /** The payload as it came. */
  readonly text: string;
}

export type Refusal = 'topic' | 'tooLong' | 'malformed' | 'wrongRobot';
export type Parsed =
  | { readonly ok: true; readonly received: Received }
  | { readonly ok: false; readonly reason: Refusal; readonly why: string };

/** Topic filters of all that the service listens to. */
export const FILTERS: readonly string[] = CHANNELS.map((channel) => topics[channel]('+'));

const SUFFIXES = new Map(
  CHANNELS.map((channel) => [topics[channel]('r').split('/').slice(3).join('/'), channel]),
);

/** The robot is who the topic says: the broker verified that. The payload may only agree. */
export function parseMessage(topic: string, payload: Uint8Array): Parsed {
  const [, , robot, ...rest] = topic.split('/');
  const channel = SUFFIXES.get(rest.join('/'));
  if (channel === undefined || !RobotId.safeParse(robot).success || robot === undefined)
    return refuse('topic', 'a topic that no robot has');
  if (payload.length > MAX_PAYLOAD_BYTES)
    return refuse('tooLong', `${payload.length} bytes, ${MAX_PAYLOAD_BYTES} at most`);
  const text = textOf(payload);
  if (text === undefined) return refuse('malformed', 'not UTF-8');
  const parsed = parsers[channel](channel === 'identity' ? text : jsonOf(text));
  if (!parsed.ok) return refuse('malformed', parsed.why);
  const { message, says } = parsed;
  if (says !== undefined && says !== robot) return refuse('wrongRobot', `it says ${says}`);
  return { ok: true, received: { robot, message, text } };
}

type Read =
  | { readonly ok: true; readonly message: Message; readonly says: string | undefined }
  | { readonly ok: false; readonly why: string };

const reader =
  <T extends object>(schema: z.ZodType<T>, make: (value: T) => Message) =>
  (value: unknown): Read => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) return { ok: false, why: firstIssue(parsed.error) };
    const says = 'robot' in parsed.data ? String(parsed.data.robot) : undefined;
    return { ok: true, message: make(parsed.data), says };
  };

const dated = <T extends object>(schema: z.ZodType<T>, of: (value: T) => number) =>
  schema.refine((value) => of(value) <= LAST_MS, 'expected a time that a calendar has');

const parsers: Readonly<Record<Channel, (value: unknown) => Read>> = {
  state: reader(
    dated(StateMessage, ({ since }) => since),
    (state) => ({ kind: 'state', state }),
  ),
  telemetry: reader(Telemetry, (telemetry) => ({ kind: 'telemetry', telemetry })),
  reported: reader(Reported, (reported) => ({ kind: 'reported', reported })),
  usage: reader(
    dated(UsageRecord, ({ start }) => start),
    ({ id, start }) => ({ kind: 'usage', id, at: start }),
  ),
  receipt: reader(ReceiptRecord, ({ id, receipt }) => ({ kind: 'receipt', id, token: receipt })),
  audit: reader(AuditRecord, ({ id, entry }) => ({ kind: 'audit', id, token: entry })),
  identity: (value) => {
    const token = Token.safeParse(value);
    if (!token.success) return { ok: false, why: firstIssue(token.error) };
    return { ok: true, message: { kind: 'identity', token: token.data }, says: undefined };
  },
};

function textOf(payload: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    return undefined;
  }
}

const refuse = (reason: Refusal, why: string): Parsed => ({ ok: false, reason, why });
