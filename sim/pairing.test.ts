/** Pairing on the whole simulated robot: a tablet before the rendered camera, the shipped decoder. */
import { describe, expect, it } from 'vitest';
import { openCodeReader } from '../agent/media/code-reader.ts';
import { FakeCodePorts } from '../agent/testing/fake-code-ports.ts';
import { PAIRING_MS } from '../firmware/link/schema.ts';
import { Lesson } from './testing/lesson.ts';

const WIFI = 'WIFI:T:WPA;S:Norrskolan;P:correct horse;;';

async function robot(drawing: 'inThread' | 'plain') {
  const codes = new FakeCodePorts();
  // What has no picture needs no reader.
  const read = drawing === 'plain' ? async () => [] : await openCodeReader();
  const lesson = await Lesson.start({
    ...{ codes, drawing },
    decoder: { decode: read, rest: () => {} },
  });
  /** How long the watch light was on, the camera gave pictures to nobody else, and eyes were open. */
  const seen = { lightMs: 0, purple: true };
  const stop = lesson.world.onTell(({ cameraRail, ring, microphoneRail, amplifier }) => {
    if (microphoneRail || amplifier) throw new Error('only the camera may be on');
    if (!cameraRail) return;
    seen.lightMs += 10;
    // The ring fades in from the dark; it is never green.
    seen.purple &&= ring[1] === 0;
  });
  return { lesson, codes, seen, stop };
}

describe('pairing, the whole robot', () => {
  it('reads a Wi-Fi code from rendered pictures, and its light is on only meanwhile', async () => {
    const { lesson, codes, seen, stop } = await robot('inThread');
    lesson.do({ kind: 'holdUp', codes: [WIFI] });
    await lesson.clock.advance(500);
    expect([seen.lightMs, codes.networks.length]).toEqual([0, 0]);
    await lesson.press('pair', 5_100);
    for (let i = 0; i < 30 && codes.networks.length === 0; i++) await lesson.clock.advance(100);
    expect(codes.networks).toEqual([
      { ssid: 'Norrskolan', hidden: false, security: 'psk', passphrase: 'correct horse' },
    ]);
    await lesson.clock.advance(100);
    expect(lesson.truth.cameraRail).toBe(false);
    // Simulated time does not pass while a picture is read.
    expect(seen.lightMs).toBeGreaterThan(0);
    expect(seen.lightMs).toBeLessThan(3_500);
    expect(seen.purple).toBe(true);
    const before = seen.lightMs;
    await lesson.clock.advance(4_000);
    expect([seen.lightMs, codes.networks.length]).toEqual([before, 1]);
    stop();
    await lesson.stop();
  }, 60_000);

  it("is dark again after a minute without a code, and at once by the teacher's press", async () => {
    const { lesson, seen, stop } = await robot('plain');
    await lesson.press('pair', 5_100);
    await lesson.clock.advance(PAIRING_MS - 1_000);
    expect(lesson.truth.cameraRail).toBe(true);
    await lesson.clock.advance(1_000);
    expect(lesson.truth.cameraRail).toBe(false);
    expect(seen.lightMs).toBeGreaterThan(PAIRING_MS - 500);
    expect(seen.lightMs).toBeLessThanOrEqual(PAIRING_MS + 100);
    await lesson.press('pair', 5_100);
    await lesson.clock.advance(2_000);
    expect(lesson.truth.cameraRail).toBe(true);
    lesson.do({ kind: 'button', name: 'teacher', pressed: true });
    await lesson.clock.advance(20);
    expect(lesson.truth.cameraRail).toBe(false);
    lesson.do({ kind: 'button', name: 'teacher', pressed: false });
    await lesson.clock.advance(3_000);
    expect(lesson.truth.cameraRail).toBe(false);
    stop();
    await lesson.stop();
  }, 60_000);
});
