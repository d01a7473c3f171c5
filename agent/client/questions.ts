import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import type { RefusedPayload, SignalUp } from '../wire/signalling.ts';
import { AccessError } from './api.ts';
import type { ClientClock, ClientTimer } from './client-clock.ts';
import type { Reply } from './robot-words.ts';

/** When a hello is repeated: the robot may be reconnecting to the broker. */
const HELLO_AGAIN_MS = [1_500, 4_000, 7_000];
/** After a forged message the true one may still come; it is not waited for any longer than this. */
const FORGED_GRACE_MS = 2_500;

interface Question<T> {
  readonly message: SignalUp;
  /** How a refusal of this very message names it. */
  readonly name: string;
  readonly timeoutMs: number;
  readonly accept: (reply: Reply) => T | undefined;
  /** What to say when a robot of the first version finds the message malformed. */
  readonly plainly?: SignalUp;
}

interface QuestionsParts {
  readonly robot: string;
  readonly clock: ClientClock;
  readonly send: (message: SignalUp) => Promise<void>;
}

interface Waiting {
  /** True when the reply was what this one waits for. */
  take(reply: Reply): boolean;
  forged(): void;
}

/** Messages that wait for the robot's answer: each is answered, refused, or given up in time. */
export class Questions {
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly parts: QuestionsParts) {}

  /** `undefined`: something that the robot did not sign. */
  hear(reply: Reply | undefined): void {
    for (const one of [...this.waiting]) {
      if (reply === undefined) one.forged();
      else if (one.take(reply)) return;
    }
  }

  /** Rejects with AccessError. */
  ask<T>(question: Question<T>): Promise<T> {
    const { kind } = question.message;
    const bytes = new TextEncoder().encode(JSON.stringify(question.message)).byteLength;
    if (bytes > MAX_SIGNAL_BYTES)
      return Promise.reject(new AccessError('tooLong', `${kind} over ${MAX_SIGNAL_BYTES} B`));
    return new Promise((resolve, reject) => this.put(question, resolve, reject));
  }

  private put<T>(
    { message, name, timeoutMs, accept, plainly }: Question<T>,
    resolve: (answer: T) => void,
    reject: (error: Error) => void,
  ): void {
    const { clock } = this.parts;
    const timers: ClientTimer[] = [];
    let forged = false;
    let plain = false;
    let taken = false;
    const settle = (act: () => void): void => {
      this.waiting.delete(one);
      for (const timer of timers) timer.cancel();
      act();
    };
    const sendOnce = (what: SignalUp): void =>
      void this.parts
        .send(what)
        .then(() => {
          taken = true;
        })
        .catch((error: unknown) =>
          settle(() => reject(new AccessError('brokerUnreachable', String(error)))),
        );
    const giveUp = (): void =>
      settle(() =>
        reject(taken || forged ? this.silence(message.kind, forged) : untaken(message.kind)),
      );
    const one: Waiting = {
      take: (reply) => {
        const accepted = accept(reply);
        if (accepted !== undefined) settle(() => resolve(accepted));
        else if (reply.kind === 'refused' && reply.payload.inReplyTo === name)
          settle(() => reject(refused(message.kind, reply.payload)));
        else if (plainly && !plain && isUnread(reply)) {
          plain = true;
          sendOnce(plainly);
        } else return false;
        return true;
      },
      forged: () => {
        if (!forged) timers.push(clock.after(FORGED_GRACE_MS, giveUp));
        forged = true;
      },
    };
    this.waiting.add(one);
    timers.push(clock.after(timeoutMs, giveUp));
    for (const ms of message.kind === 'hello' ? HELLO_AGAIN_MS : [])
      timers.push(
        clock.after(ms, () => {
          sendOnce(message);
          // The robot's refusal of the new form may have been lost.
          if (plainly && (plain || ms > 2_000)) sendOnce(plainly);
        }),
      );
    sendOnce(message);
  }

  private silence(kind: string, forged: boolean): AccessError {
    const { robot } = this.parts;
    return forged
      ? new AccessError('forgedRobot', `${kind}: only answers not signed by robot ${robot} came`)
      : new AccessError('noAnswer', `${kind}: robot ${robot} did not answer in time`);
  }
}

/** The reply of a first-version robot to a message with unknown fields. */
function isUnread({ kind, payload }: Reply): boolean {
  return kind === 'refused' && payload.reason === 'malformed' && payload.inReplyTo === null;
}

/** The broker acknowledged none of it: a connection that was open before a portal or another network. */
function untaken(kind: string): AccessError {
  return new AccessError('brokerUnreachable', `${kind}: the broker did not take it in time`);
}

function refused(kind: string, { reason, nextLesson }: RefusedPayload): AccessError {
  return new AccessError(reason, `the robot refused the ${kind}`, nextLesson);
}
