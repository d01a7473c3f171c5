/**
 * The one gate that every command of a pupil passes: size, parse, rate, freshness, authority. What
 * comes out is a command that may be carried out now, or a typed refusal. One gate a connection.
 */

import type { z } from 'zod';
import { jsonOf } from '../../hal/common/json.ts';
import { TokenBucket } from '../../hal/common/token-bucket.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { RefusalBook } from '../model/refusals.ts';
import { inClass, type SessionPhase } from '../model/session-phase.ts';
import { Command, type CommandRefusal, LookMessage } from '../wire/control.ts';
import { MAX_COMMANDS_PER_S, MAX_CONTROL_BYTES } from '../wire/limits.ts';

export type AnyCommand = LookMessage | Command;
export type Channel = 'look' | 'control';

/** What the answer depends on beside the message. */
export interface Authority {
  readonly phase: SessionPhase;
  /** The head can move: the body is there, calibrated and well. */
  readonly motion: boolean;
  /** There is a picture to point at. */
  readonly picture: boolean;
}

export type Verdict =
  | { readonly ok: true; readonly command: AnyCommand }
  /** `seq` is -1 when it could not be read. */
  | { readonly ok: false; readonly seq: number; readonly reason: CommandRefusal };

const schemas: Record<Channel, z.ZodType<AnyCommand>> = { look: LookMessage, control: Command };

/** Each kind says what it needs; a new kind does not compile until it has said so. */
const needs: Record<AnyCommand['kind'], 'nothing' | 'session' | 'motion' | 'picture'> = {
  look: 'motion',
  lookRate: 'motion',
  tap: 'picture',
  // Stopping is always allowed.
  stop: 'nothing',
  goPreset: 'motion',
  storePreset: 'motion',
  gesture: 'motion',
  hand: 'session',
  mood: 'session',
  listenOnly: 'session',
  voice: 'session',
  volume: 'session',
  picture: 'session',
  hangUp: 'nothing',
  alive: 'nothing',
  measured: 'nothing',
};

export class Gate {
  private readonly lastSeq: Record<Channel, number> = { look: -1, control: -1 };
  private readonly rate: TokenBucket;

  constructor(
    clock: Clock,
    private readonly refusals: RefusalBook,
  ) {
    this.rate = new TokenBucket(clock, {
      perSecond: MAX_COMMANDS_PER_S,
      burst: MAX_COMMANDS_PER_S,
    });
  }

  /** `text` is undefined for a binary message. */
  judge(channel: Channel, text: string | undefined, bytes: number, authority: Authority): Verdict {
    const verdict = this.pass(channel, text, bytes, authority);
    if (!verdict.ok) this.refusals.note(channel, verdict.reason);
    return verdict;
  }

  private pass(
    channel: Channel,
    text: string | undefined,
    bytes: number,
    authority: Authority,
  ): Verdict {
    if (bytes > MAX_CONTROL_BYTES) return refuse(-1, 'tooLong');
    const command = text === undefined ? undefined : parse(channel, text);
    if (!this.rate.take()) return refuse(command?.seq ?? -1, 'tooMany');
    if (!command) return refuse(-1, 'malformed');
    if (command.seq <= this.lastSeq[channel]) return refuse(command.seq, 'stale');
    this.lastSeq[channel] = command.seq;
    const reason = forbidden(command.kind, authority);
    return reason ? refuse(command.seq, reason) : { ok: true, command };
  }
}

function forbidden(kind: AnyCommand['kind'], now: Authority): CommandRefusal | undefined {
  const need = needs[kind];
  if (need === 'nothing') return undefined;
  if (!inClass(now.phase)) return 'notLive';
  if (need === 'session') return undefined;
  if (now.phase === 'paused') return 'paused';
  if (need === 'picture' && !now.picture) return 'noCamera';
  return now.motion ? undefined : 'motionOff';
}

function refuse(seq: number, reason: CommandRefusal): Verdict {
  return { ok: false, seq, reason };
}

function parse(channel: Channel, text: string): AnyCommand | undefined {
  return schemas[channel].safeParse(jsonOf(text)).data;
}
