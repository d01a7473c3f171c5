import { expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { Questions } from './questions.ts';

const TIMEOUT_MS = 10_000;

async function askInVain(send: () => Promise<void>): Promise<unknown> {
  const clock = new SimClock();
  const questions = new Questions({ robot: 'desk-1', clock, send });
  const answer = questions
    .ask({
      message: { kind: 'hello', nonce: 'A'.repeat(22) },
      name: 'A'.repeat(22),
      timeoutMs: TIMEOUT_MS,
      accept: () => undefined,
    })
    .catch((error: unknown) => error);
  await clock.advance(TIMEOUT_MS + 1);
  return answer;
}

it('a robot that does not answer to what the broker took: it is the robot', async () => {
  expect(await askInVain(async () => {})).toMatchObject({ reason: 'noAnswer' });
});

it('a broker that took nothing: it is the way to the broker, such as a portal before it', async () => {
  const neverTaken = (): Promise<void> => new Promise(() => {});
  expect(await askInVain(neverTaken)).toMatchObject({ reason: 'brokerUnreachable' });
});
