/** The way to the first picture on the real library. */
import { expect, it, onTestFinished } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { TestCall } from './testing/test-call.ts';
import { until } from './testing/until.ts';

const SIZE = { width: 1_280, height: 720 };
/** As many as the library drops of a large picture while it thinks that the way is narrow. */
const FRAMES = 4;

it('shows one of the first four frames, and tells the pupil nothing of how', async () => {
  const clock = new SystemClock();
  const call = new TestCall(clock);
  onTestFinished(() => call.close());
  expect(await call.exchange()).not.toContain('x-google');
  await until(clock, () => call.states.includes('connected'));
  const data = new Uint8ClampedArray((SIZE.width * SIZE.height * 3) / 2).fill(90);
  for (let sent = 0; sent < FRAMES; sent++) {
    call.peer.sendVideo({ ...SIZE, data, capturedAtMs: clock.now() });
    await delay(clock, 34);
  }
  await until(clock, () => call.pictures > 0);
});
