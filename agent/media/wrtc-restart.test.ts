/** ICE restart on the real library: new credentials and candidates, the same DTLS, channels and media. */
import { expect, it, onTestFinished } from 'vitest';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { TestCall } from './testing/test-call.ts';
import { until } from './testing/until.ts';

const field = (sdp: string, name: string): string | undefined =>
  new RegExp(`^a=${name}:(.*)\r$`, 'm').exec(sdp)?.[1];

it('keeps words and pictures flowing, several times, also while the picture is being tuned', async () => {
  const clock = new SystemClock();
  const call = new TestCall(clock);
  onTestFinished(() => call.close());
  call.pc.addTransceiver('audio', { direction: 'recvonly' });
  const data = new Uint8ClampedArray((320 * 240 * 3) / 2).fill(90);
  const camera = clock.every(33, () =>
    call.peer.sendVideo({ width: 320, height: 240, data, capturedAtMs: clock.now() }),
  );
  onTestFinished(() => camera.cancel());

  const first = await call.exchange();
  await until(clock, () => call.states.includes('connected') && call.pictures > 3);
  // The picture's own renegotiation comes 2-3 s after connecting: the restarts lie around it.
  let last = first;
  for (let n = 0; n < 8; n++) {
    const answer = await call.exchange({ iceRestart: true });
    expect(field(answer, 'ice-ufrag')).not.toBe(field(last, 'ice-ufrag'));
    expect(field(answer, 'fingerprint')).toBe(field(first, 'fingerprint'));
    last = answer;
    const before = call.pictures;
    call.control.send(`word ${n}`);
    await until(clock, () => call.heard.includes(`word ${n}`) && call.pictures > before + 3);
    await delay(clock, 300);
  }
  expect(call.states.filter((state) => state !== 'connected')).toEqual([]);
  expect(call.control.readyState).toBe('open');
});
