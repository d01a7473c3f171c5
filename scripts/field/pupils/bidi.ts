/** A minimal WebDriver BiDi (W3C) client over a WebSocket. */
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Clock } from '../../../hal/ports/clock.ts';

const Reply = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('success'), id: z.number(), result: z.unknown() }),
  z.looseObject({
    type: z.literal('error'),
    id: z.number().nullable(),
    error: z.string(),
    message: z.string(),
  }),
  z.looseObject({ type: z.literal('event') }),
]);

const Evaluated = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('success'), result: z.looseObject({ value: z.unknown() }) }),
  z.looseObject({
    type: z.literal('exception'),
    exceptionDetails: z.looseObject({ text: z.string() }),
  }),
]);

/** Time-out of a command. */
const ANSWER_MS = 25_000;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class Bidi {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(
    private readonly clock: Clock,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => this.take(String(data)));
    socket.on('close', () => this.over(new Error('the browser has ended')));
    socket.on('error', (error) => this.over(error));
  }

  /** Resolves with a session. `host`: the only Host header that the browser accepts. */
  static async open(clock: Clock, unixSocket: string, host: string): Promise<Bidi> {
    const socket = new WebSocket(`ws+unix://${unixSocket}:/session`, {
      perMessageDeflate: false,
      headers: { host },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const bidi = new Bidi(clock, socket);
    await bidi.send('session.new', { capabilities: {} });
    return bidi;
  }

  /** Rejects when the browser refuses, has ended, or does not answer within `ms`. */
  async send(method: string, params: object, ms = ANSWER_MS): Promise<unknown> {
    const id = ++this.lastId;
    const answer = new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
    });
    const timer = this.clock.after(ms, () => {
      this.waiting.get(id)?.reject(new Error(`${method}: not answered within ${ms} ms`));
      this.waiting.delete(id);
    });
    this.socket.send(JSON.stringify({ id, method, params }));
    return answer.finally(() => timer.cancel());
  }

  /** The value of an expression in a page, as JSON carries it; a promise is waited for. */
  async evaluate(context: string, expression: string): Promise<unknown> {
    const answer = await this.send('script.evaluate', {
      expression: `Promise.resolve(${expression}).then((value) => JSON.stringify(value) ?? '')`,
      target: { context },
      awaitPromise: true,
      userActivation: true,
    });
    const evaluated = Evaluated.parse(answer);
    if (evaluated.type === 'exception') throw new Error(evaluated.exceptionDetails.text);
    const text = z.string().parse(evaluated.result.value);
    return text === '' ? undefined : JSON.parse(text);
  }

  close(): void {
    this.socket.close();
  }

  private take(text: string): void {
    const reply = Reply.parse(JSON.parse(text));
    if (reply.type === 'event' || reply.id === null) return;
    const one = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.type === 'success') one?.resolve(reply.result);
    else one?.reject(new Error(`${reply.error}: ${reply.message}`));
  }

  private over(error: Error): void {
    for (const one of this.waiting.values()) one.reject(error);
    this.waiting.clear();
  }
}
