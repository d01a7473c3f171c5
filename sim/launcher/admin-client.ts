/**
 * Asks the agent over its admin socket, one question a connection. An agent that is just starting
 * is waited for.
 */
import { createConnection } from 'node:net';
import { AdminReply, type AdminRequest } from '../../agent/access/admin-protocol.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';

const ANSWER_WITHIN_MS = 3_000;
const KNOCK_AGAIN_MS = 100;
const KNOCKS = 30;
const MAX_ANSWER = 256 * 1024;

type Verb = AdminRequest['verb'];
type ReplyTo<V extends Verb> = Extract<AdminReply, { ok: true; verb: V }>;

class NobodyThere extends Error {
  override readonly name = 'NobodyThere';
}

export class AdminClient {
  constructor(
    private readonly clock: Clock,
    private readonly path: string,
  ) {}

  async invite(days: number): Promise<ReplyTo<'invite'>> {
    return this.expect('invite', await this.ask({ verb: 'invite', days }));
  }

  async status(): Promise<ReplyTo<'status'>> {
    return this.expect('status', await this.ask({ verb: 'status' }));
  }

  private expect<V extends Verb>(verb: V, line: string): ReplyTo<V> {
    const reply = AdminReply.parse(JSON.parse(line));
    if (!reply.ok) throw new Error(`the agent refused: ${reply.message}`);
    if (reply.verb !== verb) throw new Error(`the agent answered ${reply.verb} to ${verb}`);
    return reply as ReplyTo<V>;
  }

  private async ask(request: AdminRequest): Promise<string> {
    for (let knock = 1; ; knock++) {
      try {
        return await this.askOnce(request);
      } catch (error) {
        if (!(error instanceof NobodyThere) || knock === KNOCKS) throw error;
        await delay(this.clock, KNOCK_AGAIN_MS);
      }
    }
  }

  /** Resolves with one line; rejects with words for people. */
  private askOnce(request: AdminRequest): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.path);
      const end = (act: () => void): void => {
        timer.cancel();
        socket.removeAllListeners().on('error', () => {});
        socket.destroy();
        act();
      };
      const fail = (why: string): void => end(() => reject(new Error(why)));
      const timer = this.clock.after(ANSWER_WITHIN_MS, () => fail('the agent does not answer'));
      let text = '';
      socket.setEncoding('utf8');
      socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
      socket.on('error', () => end(() => reject(new NobodyThere('the agent is not there'))));
      socket.on('close', () => fail('the agent went away'));
      socket.on('data', (chunk: string) => {
        text += chunk;
        const cut = text.indexOf('\n');
        if (cut >= 0) end(() => resolve(text.slice(0, cut)));
        else if (text.length > MAX_ANSWER) fail('the answer of the agent is too long');
      });
    });
  }
}
