import type { z } from 'zod';
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import { seal } from '../wire/sealed.ts';
import {
  AnswerPayload,
  BoundPayload,
  ChallengePayload,
  RefusedPayload,
  SignalDown,
  type SignalUp,
  TYP,
} from '../wire/signalling.ts';
import {
  freshNonce,
  hashToken,
  openToken,
  type Signer,
  signToken,
  type TokenType,
  thumbprint,
} from '../wire/token.ts';
import { AccessError } from './access-error.ts';
import type { ClientClock, ClientTimer } from './client-clock.ts';

/** A robot that is there answers in well under a second; a waking one within a few. */
const ANSWER_TIMEOUT_MS = 12_000;
const HELLO_TIMEOUT_MS = 10_000;
/** When a hello is said again: the robot may just be reconnecting to the broker. */
const HELLO_AGAIN_MS = [1_500, 4_000, 7_000];
/** After a forged message the true one may still come; it is not waited for any longer than this. */
const FORGED_GRACE_MS = 2_500;

type Reply =
  | { kind: 'challenge'; payload: ChallengePayload }
  | { kind: 'bound'; payload: BoundPayload }
  | { kind: 'answer'; payload: AnswerPayload }
  | { kind: 'refused'; payload: RefusedPayload };

interface Waiting {
  /** True when the reply was what this one waits for. */
  take(reply: Reply): boolean;
  forged(): void;
}

export interface KnockParts {
  readonly robot: string;
  /** Thumbprint that the invitation pinned: only what this key signed is believed. */
  readonly robotKey: string;
  readonly peer: string;
  readonly clock: ClientClock;
  readonly send: (payload: string) => Promise<void>;
}

/**
 * The pupil's half of agent/wire/signalling.ts. What the robot did not sign is neither believed nor
 * obeyed: it cannot end the wait for the true answer, only name the reason when none comes.
 */
export class Knock {
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly parts: KnockParts) {}

  /** A message from the broker, whoever may have put it there. */
  async receive(payload: Uint8Array): Promise<void> {
    const message = parse(payload);
    if (message === undefined) return;
    const reply = await this.open(message);
    for (const one of [...this.waiting]) {
      if (reply === undefined) one.forged();
      else if (one.take(reply)) return;
    }
  }

  challenge(): Promise<ChallengePayload> {
    const nonce = freshNonce();
    return this.ask({ kind: 'hello', nonce }, nonce, HELLO_TIMEOUT_MS, (reply) =>
      reply.kind === 'challenge' && reply.payload.nonce === nonce ? reply.payload : undefined,
    );
  }

  /** Resolves when the robot has written the binding down. */
  async bind(signer: Signer, from: ChallengePayload, invitation: string): Promise<void> {
    const { challenge, encryptionKey } = from;
    const token = await signToken(signer, TYP.bind, { ...this.claims(challenge), invitation });
    const letter = await seal(encryptionKey, token);
    const device = await thumbprint(signer.jwk);
    await this.ask(
      { kind: 'bind', token: letter },
      await hashToken(letter),
      ANSWER_TIMEOUT_MS,
      (r) =>
        r.kind === 'bound' && r.payload.challenge === challenge && r.payload.device === device
          ? r.payload
          : undefined,
    );
  }

  /** The robot's answer: SDP with all candidates inside. */
  async offer(signer: Signer, challenge: string, sdp: string): Promise<string> {
    const token = await signToken(signer, TYP.offer, { ...this.claims(challenge), sdp });
    const hash = await hashToken(token);
    const answer = await this.ask({ kind: 'offer', token }, hash, ANSWER_TIMEOUT_MS, (reply) =>
      reply.kind === 'answer' &&
      reply.payload.challenge === challenge &&
      reply.payload.offerHash === hash
        ? reply.payload
        : undefined,
    );
    return answer.sdp;
  }

  /** Takes the offer back. Not answered. */
  async bye(signer: Signer, challenge: string): Promise<void> {
    const token = await signToken(signer, TYP.bye, this.claims(challenge));
    await this.parts.send(JSON.stringify({ kind: 'bye', token } satisfies SignalUp));
  }

  private claims(challenge: string) {
    const { robot, peer, clock } = this.parts;
    // The tablet's clock may be anywhere; robots of earlier versions take no time before 1970.
    return { robot, peer, challenge, iat: Math.max(0, Math.floor(clock.wall() / 1_000)) };
  }

  /** `name` is how a refusal of this very message names it. */
  private ask<T>(
    message: SignalUp,
    name: string,
    timeoutMs: number,
    accept: (reply: Reply) => T | undefined,
  ): Promise<T> {
    const text = JSON.stringify(message);
    if (new TextEncoder().encode(text).byteLength > MAX_SIGNAL_BYTES)
      return Promise.reject(
        new AccessError('tooLong', `${message.kind} over ${MAX_SIGNAL_BYTES} B`),
      );
    const { clock, send } = this.parts;
    return new Promise<T>((resolve, reject) => {
      const timers: ClientTimer[] = [];
      let forged = false;
      const settle = (act: () => void): void => {
        this.waiting.delete(one);
        for (const timer of timers) timer.cancel();
        act();
      };
      const giveUp = (): void => settle(() => reject(this.silence(message.kind, forged)));
      const one: Waiting = {
        take: (reply) => {
          const accepted = accept(reply);
          if (accepted !== undefined) settle(() => resolve(accepted));
          else if (reply.kind === 'refused' && reply.payload.inReplyTo === name)
            settle(() => reject(refused(message.kind, reply.payload.reason)));
          else return false;
          return true;
        },
        forged: () => {
          if (!forged) timers.push(clock.after(FORGED_GRACE_MS, giveUp));
          forged = true;
        },
      };
      const say = (): void =>
        void send(text).catch((error: unknown) =>
          settle(() => reject(new AccessError('brokerUnreachable', String(error)))),
        );
      this.waiting.add(one);
      timers.push(clock.after(timeoutMs, giveUp));
      if (message.kind === 'hello')
        timers.push(...HELLO_AGAIN_MS.map((ms) => clock.after(ms, say)));
      say();
    });
  }

  private silence(kind: string, forged: boolean): AccessError {
    const { robot } = this.parts;
    return forged
      ? new AccessError('forgedRobot', `${kind}: only answers not signed by robot ${robot} came`)
      : new AccessError('noAnswer', `${kind}: robot ${robot} did not answer in time`);
  }

  /** The reply if the robot said it to this peer, otherwise undefined. */
  private async open(message: SignalDown): Promise<Reply | undefined> {
    switch (message.kind) {
      case 'challenge': {
        const payload = await this.verify(message.token, TYP.challenge, ChallengePayload);
        return payload && { kind: 'challenge', payload };
      }
      case 'bound': {
        const payload = await this.verify(message.token, TYP.bound, BoundPayload);
        return payload && { kind: 'bound', payload };
      }
      case 'answer': {
        const payload = await this.verify(message.token, TYP.answer, AnswerPayload);
        return payload && { kind: 'answer', payload };
      }
      case 'refused': {
        const payload = await this.verify(message.token, TYP.refused, RefusedPayload);
        return payload && { kind: 'refused', payload };
      }
    }
  }

  /** The robot's own clock is not looked at: nonces and challenges prove freshness. */
  private async verify<T extends { robot: string; peer: string }>(
    token: string,
    typ: TokenType,
    schema: z.ZodType<T>,
  ): Promise<T | undefined> {
    const { robot, peer, robotKey } = this.parts;
    const opened = await openToken(token, typ, schema);
    if (!opened.ok || opened.signer !== robotKey) return undefined;
    const { payload } = opened;
    return payload.robot === robot && payload.peer === peer ? payload : undefined;
  }
}

function refused(kind: string, reason: RefusedPayload['reason']): AccessError {
  return new AccessError(reason, `the robot refused the ${kind}`);
}

function parse(payload: Uint8Array): SignalDown | undefined {
  if (payload.byteLength > MAX_SIGNAL_BYTES) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
    return SignalDown.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
