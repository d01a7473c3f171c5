import type { z } from 'zod';
import { jsonOf } from '../../hal/common/json.ts';
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import {
  AnswerPayload,
  BoundPayload,
  ChallengePayload,
  RefusedPayload,
  RestartPayload,
  SignalDown,
  TYP,
} from '../wire/signalling.ts';
import { openToken } from '../wire/token.ts';
import { CandidatesPayload } from '../wire/trickle.ts';

/** Of each kind of message by the robot: the type of its token, and what is inside. */
export const REPLIES = {
  challenge: [TYP.challenge, ChallengePayload],
  bound: [TYP.bound, BoundPayload],
  answer: [TYP.answer, AnswerPayload],
  candidates: [TYP.robotCandidates, CandidatesPayload],
  restart: [TYP.restart, RestartPayload],
  refused: [TYP.refused, RefusedPayload],
} as const;

/** What the robot said: a kind, and the payload that goes with it. */
export type Reply = {
  [K in keyof typeof REPLIES]: { kind: K; payload: z.infer<(typeof REPLIES)[K][1]> };
}[keyof typeof REPLIES];

/** The two ends of the handshake. */
export interface Expected {
  readonly robot: string;
  readonly peer: string;
  /** Thumbprint that the invitation pinned: only what this key signed is believed. */
  readonly robotKey: string;
}

/** Undefined: no message of a robot, or of a kind that this version does not know. */
export function parseDown(payload: Uint8Array): SignalDown | undefined {
  if (payload.byteLength > MAX_SIGNAL_BYTES) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
    return SignalDown.safeParse(jsonOf(text)).data;
  } catch {
    return undefined;
  }
}

/** The reply if the robot signed it for this peer, otherwise undefined. */
export async function openReply(
  { kind, token }: SignalDown,
  { robot, peer, robotKey }: Expected,
): Promise<Reply | undefined> {
  const [typ, schema] = REPLIES[kind];
  // The robot's own clock is not looked at: nonces and challenges prove freshness.
  const opened = await openToken<Reply['payload']>(token, typ, schema);
  if (!opened.ok || opened.signer !== robotKey) return undefined;
  const { payload } = opened;
  if (payload.robot !== robot || payload.peer !== peer) return undefined;
  // The table pairs each kind with its payload.
  return { kind, payload } as Reply;
}
