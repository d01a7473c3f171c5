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
import { openToken, type TokenType } from '../wire/token.ts';
import { CandidatesPayload } from '../wire/trickle.ts';

export type Reply =
  | { kind: 'challenge'; payload: ChallengePayload }
  | { kind: 'bound'; payload: BoundPayload }
  | { kind: 'answer'; payload: AnswerPayload }
  | { kind: 'candidates'; payload: CandidatesPayload }
  | { kind: 'restart'; payload: RestartPayload }
  | { kind: 'refused'; payload: RefusedPayload };

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

/** The reply if the robot said it to this peer, otherwise undefined. */
export async function openReply(
  { kind, token }: SignalDown,
  expected: Expected,
): Promise<Reply | undefined> {
  switch (kind) {
    case 'challenge': {
      const payload = await verify(token, TYP.challenge, ChallengePayload, expected);
      return payload && { kind, payload };
    }
    case 'bound': {
      const payload = await verify(token, TYP.bound, BoundPayload, expected);
      return payload && { kind, payload };
    }
    case 'answer': {
      const payload = await verify(token, TYP.answer, AnswerPayload, expected);
      return payload && { kind, payload };
    }
    case 'candidates': {
      const payload = await verify(token, TYP.robotCandidates, CandidatesPayload, expected);
      return payload && { kind, payload };
    }
    case 'restart': {
      const payload = await verify(token, TYP.restart, RestartPayload, expected);
      return payload && { kind, payload };
    }
    case 'refused': {
      const payload = await verify(token, TYP.refused, RefusedPayload, expected);
      return payload && { kind, payload };
    }
  }
}

/** The robot's own clock is not looked at: nonces and challenges prove freshness. */
async function verify<T extends { robot: string; peer: string }>(
  token: string,
  typ: TokenType,
  schema: z.ZodType<T>,
  { robot, peer, robotKey }: Expected,
): Promise<T | undefined> {
  const opened = await openToken(token, typ, schema);
  if (!opened.ok || opened.signer !== robotKey) return undefined;
  const { payload } = opened;
  return payload.robot === robot && payload.peer === peer ? payload : undefined;
}
