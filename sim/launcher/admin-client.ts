/** Asks the agent over its admin socket: one line of JSON each way, one question a connection. */
import { createConnection } from 'node:net';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Inviter } from './invitations.ts';

const ANSWER_WITHIN_MS = 3_000;
const MAX_ANSWER = 64 * 1024;

export class AdminClient implements Inviter {
  constructor(
    private readonly clock: Clock,
    private readonly path: string,
  ) {}

  async invite(days: number): Promise<string> {
    const { link } = await this.ask({ verb: 'invite', days });
    if (typeof link !== 'string') throw new Error('the agent gave no link');
    return link;
  }

  async isOpen(_secret: string): Promise<boolean> {
    return true;
  }

  private ask(question: object): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.path);
      const fail = (why: string): void => {
        timer.cancel();
        socket.destroy();
        reject(new Error(why));
      };
      const timer = this.clock.after(ANSWER_WITHIN_MS, () => fail('the agent does not answer'));
      let text = '';
      socket.setEncoding('utf8');
      socket.on('connect', () => socket.write(`${JSON.stringify(question)}\n`));
      socket.on('error', () => fail('the agent is not there'));
      socket.on('close', () => fail('the agent went away'));
      socket.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER) fail('the answer is too long');
        if (!text.includes('\n')) return;
        timer.cancel();
        socket.removeAllListeners('close').end();
        resolve(JSON.parse(text) as Record<string, unknown>);
      });
    });
  }
}
