/**
 * The one gate for every command of a pupil: size, parse, rate, freshness, admission. The result is
 * a command to execute now, or a typed refusal. One gate per connection.
 */

import type { z } from 'zod';
import { jsonOf } from '../../hal/common/json.ts';
import { TokenBucket } from '../../hal/common/token-bucket.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { admit, commandRefusal } from '../admission/admit.ts';
import type { FactsFor } from '../admission/facts.ts';
import type { RefusalLog } from '../model/refusal-counters.ts';
import { Command, type CommandRefusal, LookMessage } from '../wire/control.ts';
import { MAX_COMMANDS_PER_S, MAX_CONTROL_BYTES } from '../wire/limits.ts';

export type AnyCommand = LookMessage | Command;
export type Channel = 'look' | 'control';

type Verdict =
  | { readonly ok: true; readonly command: AnyCommand }
  /** `seq` is -1 when it was unreadable. */
  | { readonly ok: false; readonly seq: number; readonly reason: CommandRefusal };

const schemas: Record<Channel, z.ZodType<AnyCommand>> = { look: LookMessage, control: Command };

type Need = 'attend' | 'motion' | 'pointing';

/**
 * The capability that each kind of command needs; a new kind does not compile without an entry.
 * `undefined`: always allowed, as stopping is.
 */
const needs: Record<AnyCommand['kind'], Need | undefined> = {
  look: 'motion',
  lookRate: 'motion',
  tap: 'pointing',
  stop: undefined,
  goPreset: 'motion',
  storePreset: 'motion',
  gesture: 'motion',
  hand: 'attend',
  mood: 'attend',
  listenOnly: 'attend',
  voice: 'attend',
  volume: 'attend',
  picture: 'attend',
  hangUp: undefined,
  alive: undefined,
  measured: undefined,
};

export class CommandGate {
  private readonly lastSeq: Record<Channel, number> = { look: -1, control: -1 };
  private readonly rate: TokenBucket;

  constructor(
    clock: Clock,
    private readonly refusals: RefusalLog,
  ) {
    this.rate = new TokenBucket(clock, {
      perSecond: MAX_COMMANDS_PER_S,
      burst: MAX_COMMANDS_PER_S,
    });
  }

  /** `text` is undefined for a binary message. */
  judge(
    channel: Channel,
    text: string | undefined,
    bytes: number,
    facts: FactsFor<'pointing'>,
  ): Verdict {
    const verdict = this.pass(channel, text, bytes, facts);
    if (!verdict.ok) this.refusals.note(channel, verdict.reason);
    return verdict;
  }

  private pass(
    channel: Channel,
    text: string | undefined,
    bytes: number,
    facts: FactsFor<'pointing'>,
  ): Verdict {
    if (bytes > MAX_CONTROL_BYTES) return refuse(-1, 'tooLong');
    const command = text === undefined ? undefined : parse(channel, text);
    if (!this.rate.take()) return refuse(command?.seq ?? -1, 'tooMany');
    if (!command) return refuse(-1, 'malformed');
    if (command.seq <= this.lastSeq[channel]) return refuse(command.seq, 'stale');
    this.lastSeq[channel] = command.seq;
    const need = needs[command.kind];
    const reason = need && commandRefusal(admit<Need>(need, facts));
    return reason ? refuse(command.seq, reason) : { ok: true, command };
  }
}

function refuse(seq: number, reason: CommandRefusal): Verdict {
  return { ok: false, seq, reason };
}

function parse(channel: Channel, text: string): AnyCommand | undefined {
  return schemas[channel].safeParse(jsonOf(text)).data;
}
