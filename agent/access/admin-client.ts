/**
 * Client of the agent's admin socket, one request per connection. Used by the tools beside the
 * agent: the `deskmate` command and the launchers of simulator and station.
 */
import { jsonOf } from '../../hal/common/json.ts';
import { askLine, type Unanswered } from '../../hal/common/unix-socket.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import { AdminReply, type AdminRequest } from './admin-protocol.ts';

const ANSWER_WITHIN_MS = 3_000;
const RETRY_MS = 100;
/** A starting agent opens its socket within this time. */
const STARTING_MS = 3_000;
const MAX_ANSWER = 256 * 1024;

type Verb = AdminRequest['verb'];
type ReplyTo<V extends Verb> = Extract<AdminReply, { ok: true; verb: V }>;
export type AgentStatus = ReplyTo<'status'>;

/** Why there is no answer. The message is meant for people. */
export class AdminClientError extends Error {
  override readonly name = 'AdminClientError';
  constructor(
    readonly kind: 'away' | 'notPermitted' | 'silent' | 'refused' | 'strange',
    message: string,
    /** For a refusal: a FailureKind, or one of a newer agent. */
    readonly reason = '',
  ) {
    super(message);
  }
}

export class AdminClient {
  constructor(
    private readonly clock: Clock,
    private readonly path: string,
    /** How long to wait for an agent that is not there. */
    private readonly patienceMs = STARTING_MS,
  ) {}

  async invite(days: number): Promise<ReplyTo<'invite'>> {
    return this.expect('invite', await this.ask({ verb: 'invite', days }));
  }

  async devices(): Promise<ReplyTo<'devices'>['devices']> {
    return this.expect('devices', await this.ask({ verb: 'devices' })).devices;
  }

  /** Revokes a device: its session ends, and it needs a new invitation to come back. */
  async revoke(device: string): Promise<void> {
    this.expect('revoke', await this.ask({ verb: 'revoke', device }));
  }

  /** Withdraws an unused invitation. */
  async withdraw(invitation: string): Promise<void> {
    this.expect('withdraw', await this.ask({ verb: 'withdraw', invitation }));
  }

  async status(): Promise<AgentStatus> {
    return this.expect('status', await this.ask({ verb: 'status' }));
  }

  private expect<V extends Verb>(verb: V, line: string): ReplyTo<V> {
    const reply = AdminReply.safeParse(jsonOf(line)).data;
    if (!reply)
      throw new AdminClientError('strange', 'the agent answers in another version of the protocol');
    if (!reply.ok) throw new AdminClientError('refused', reply.message, reply.kind);
    if (reply.verb !== verb)
      throw new AdminClientError('strange', `the agent answered ${reply.verb} to ${verb}`);
    return reply as ReplyTo<V>;
  }

  private async ask(request: AdminRequest): Promise<string> {
    const giveUpMs = this.clock.now() + this.patienceMs;
    for (;;) {
      try {
        return await this.askOnce(request);
      } catch (error) {
        const away = error instanceof AdminClientError && error.kind === 'away';
        if (!away || this.clock.now() >= giveUpMs) throw error;
        await delay(this.clock, RETRY_MS);
      }
    }
  }

  /** Resolves with one line; rejects with AdminClientError. */
  private askOnce(request: AdminRequest): Promise<string> {
    const { clock, path } = this;
    return askLine({
      ...{ path, clock, withinMs: ANSWER_WITHIN_MS, longest: MAX_ANSWER },
      line: JSON.stringify(request),
      failed: (why) => noAnswer(why, path),
    });
  }
}

function noAnswer(why: Unanswered, path: string): AdminClientError {
  if (why === 'late') return new AdminClientError('silent', 'the agent does not answer');
  if (why === 'closed') return new AdminClientError('silent', 'the agent went away');
  if (why === 'tooLong')
    return new AdminClientError('strange', 'the answer of the agent is too long');
  return why.code === 'EACCES' || why.code === 'EPERM'
    ? new AdminClientError('notPermitted', `you may not open ${path}`)
    : new AdminClientError('away', 'the agent is not there');
}
