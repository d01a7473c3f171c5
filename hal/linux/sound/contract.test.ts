/** The promises of microphone and speaker, kept by a real GStreamer without a sound card. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { microphoneContract } from '../../contract/microphone.ts';
import { speakerContract } from '../../contract/speaker.ts';
import { delay } from '../../ports/clock.ts';
import { SOUND, whyNoGstreamer } from '../gst/testing/has-gstreamer.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openSound } from './open-sound.ts';
import { testEnds } from './testing/test-ends.ts';

const wiring = { system: 'alsa', input: 'test', output: 'test', echoDelayMs: 0 } as const;
const START_MS = 1_500;

async function openBench() {
  const clock = new SystemClock();
  const folder = mkdtempSync(join(tmpdir(), 'deskmate-sound-'));
  const played = join(folder, 'played');
  const sound = await openSound(wiring, { clock, logLine: () => {} }, { ends: testEnds(played) });
  return {
    ...sound,
    startMs: START_MS,
    now: () => clock.now(),
    pass: (ms: number) => delay(clock, ms),
    heard: earOn(played),
    close: async () => {
      await sound.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What has sounded since the beginning, and the loudest since it was last asked. */
function earOn(file: string) {
  let from = 0;
  let total = 0;
  return () => {
    let loudest = 0;
    const samples = readSamples(file);
    // A pipeline that starts again begins a new file.
    if (samples.length < from) from = 0;
    for (const sample of samples.subarray(from)) {
      if (sample !== 0) total += 1;
      loudest = Math.max(loudest, Math.abs(sample) / 32_768);
    }
    from = samples.length;
    return { ms: total / 48, loudest };
  };
}

function readSamples(file: string): Int16Array {
  try {
    const bytes = readFileSync(file);
    return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  } catch {
    return new Int16Array(0);
  }
}

const missing = whyNoGstreamer(SOUND);
describe.skipIf(missing)(missing ?? 'GStreamer is there', () => {
  microphoneContract('GStreamer', openBench);
  speakerContract('GStreamer', openBench);
});
