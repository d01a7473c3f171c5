import { describe, expect, it } from 'vitest';
import { Random } from '../../../sim/time/random.ts';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import type { SoundWiring } from '../../boards/board.ts';
import { type FakeChild, FakePrograms } from '../../fake/child.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { CHUNK_SAMPLES } from '../../ports/media.ts';
import { openSound } from './open-sound.ts';

const wiring = { system: 'alsa', input: 'hw:1', output: 'hw:2', echoDelayMs: 0 } as const;
const CHUNK = new Uint8Array(CHUNK_SAMPLES * 2).fill(1);
const from = (element: string, text: string): string =>
  `ERROR: from element /GstPipeline:pipeline0/${element}: ${text}`;
const UNPLUGGED_MICROPHONE = from(
  'GstAlsaSrc:microphone',
  'Error recording from audio device. The device has been disconnected.',
);
const UNPLUGGED_SPEAKER = from(
  'GstAlsaSink:speaker',
  'Error outputting to audio device. The device has been disconnected.',
);

async function makeBench(wired: SoundWiring = wiring) {
  const clock = new SimClock();
  const programs = new FakePrograms();
  const sound = await openSound(wired, { clock, logLine: () => {} }, { programs });
  const told: string[] = [];
  sound.microphone.onState((state, why) => told.push(`microphone ${state}: ${why}`));
  sound.speaker.onState((state, why) => told.push(`speaker ${state}: ${why}`));
  /** Lets the newest pipeline work for a while. */
  const flow = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      const child = programs.latest;
      for (const [pipe, plan] of child.plan.pipes.entries())
        if (plan.kind === 'fromChild') child.send(pipe, CHUNK);
      await clock.advance(10);
    }
  };
  return { clock, programs, told, flow, ...sound };
}

const has = (child: FakeChild): string =>
  [
    child.plan.args.includes('alsasrc') ? 'capture' : '',
    child.plan.args.includes('alsasink') ? 'playback' : '',
  ]
    .filter((end) => end !== '')
    .join(' and ');

const probes = (programs: FakePrograms): readonly FakeChild[] =>
  programs.children.filter((child) => child.plan.pipes.length === 0);

/** Both ends run. */
async function hearingAndSpeaking() {
  const it = await makeBench();
  await it.microphone.start(() => {});
  await it.speaker.start();
  await it.clock.advance(100);
  await it.flow(300);
  return it;
}

describe('the sound card', () => {
  it('opens one pipeline when both ends are started together', async () => {
    const it = await makeBench();
    await it.speaker.start();
    await it.microphone.start(() => {});
    await it.clock.advance(100);
    await it.flow(300);
    expect(it.programs.children.map(has)).toEqual(['capture and playback']);
    expect([it.microphone.state, it.speaker.state]).toEqual(['running', 'running']);
    await it.close();
    expect(it.programs.alive).toHaveLength(0);
  });

  it.each([
    [0, 'ts-offset=10000000'],
    [120, 'render-delay=110000000'],
  ])(
    'has the canceller look for an echo %i ms after what the card says',
    async (echoDelayMs, word) => {
      const it = await makeBench({ ...wiring, echoDelayMs });
      await it.speaker.start();
      await it.microphone.start(() => {});
      await it.clock.advance(100);
      expect(it.programs.latest.plan.args).toContain(word);
      await it.close();
    },
  );

  it('goes on hearing without a gap when the speaker stops', async () => {
    const it = await hearingAndSpeaking();
    await it.speaker.stop();
    await it.flow(300);
    expect(it.programs.children).toHaveLength(1);
    expect([it.microphone.state, it.speaker.state]).toEqual(['running', 'idle']);
  });

  it('closes the capture device when the microphone stops, and goes on speaking', async () => {
    const it = await hearingAndSpeaking();
    await it.microphone.stop();
    expect(it.programs.children[0]?.end).toBeDefined();
    await it.clock.advance(50);
    await it.flow(300);
    expect(it.programs.children.map(has)).toEqual(['capture and playback', 'playback']);
    expect([it.microphone.state, it.speaker.state]).toEqual(['idle', 'running']);
  });

  it('goes on with the other end when one is unplugged, and takes it back when it opens', async () => {
    const it = await hearingAndSpeaking();
    it.programs.latest.logLine(UNPLUGGED_SPEAKER);
    it.programs.latest.exit(1);
    await it.clock.advance(100);
    await it.flow(300);
    expect(has(it.programs.latest)).toBe('capture');
    expect(it.told).toContain('speaker fault: speaker (ALSA hw:2) is unplugged; plug it in again');
    expect([it.microphone.state, it.speaker.state]).toEqual(['running', 'fault']);
    await it.clock.advance(200);
    const [probe] = probes(it.programs);
    expect(probe && has(probe)).toBe('playback');
    probe?.exit(0);
    await it.clock.advance(100);
    await it.flow(300);
    expect(has(it.programs.latest)).toBe('capture and playback');
    expect([it.microphone.state, it.speaker.state]).toEqual(['running', 'running']);
  });

  it('tries an end that is alone and gone until it is back', async () => {
    const it = await makeBench();
    await it.microphone.start(() => {});
    await it.clock.advance(100);
    for (let round = 0; round < 4; round++) {
      it.programs.latest.logLine(UNPLUGGED_MICROPHONE);
      it.programs.latest.exit(1);
      await it.clock.advance(5_000);
    }
    expect(it.microphone.state).toBe('fault');
    await it.flow(300);
    expect(it.microphone.state).toBe('running');
    expect(it.told.filter((line) => line.includes('fault'))).toHaveLength(1);
  });

  it.each([
    [
      from('GstAlsaSrc:microphone', 'Device is being used by another application.'),
      'microphone (ALSA hw:1) is in use by another program; close that (fuser -v /dev/snd/* names it)',
    ],
    [
      from('GstAlsaSrc:microphone', "Recording open error on device 'hw:1': Permission denied"),
      'microphone (ALSA hw:1) may not be opened; add this user to the group audio and start again',
    ],
    [
      from('GstAlsaSrc:microphone', "Recording open error on device 'hw:1': No such file"),
      'microphone (ALSA hw:1) is not there; plug it in, or name another in the board file (arecord -L and aplay -L list them)',
    ],
    [
      'WARNING: erroneous pipeline: no element "webrtcdsp"',
      "sound: GStreamer's webrtcdsp is missing; install gstreamer1.0-plugins-bad",
    ],
    [
      '\u0000\u001b[31m garbage \ufffd',
      'sound: GStreamer ended with code 1 without a word; it is started again',
    ],
  ])('says in one line: %s', async (line, why) => {
    const it = await makeBench();
    await it.microphone.start(() => {});
    await it.clock.advance(100);
    it.programs.latest.logLine(line);
    it.programs.latest.exit(1);
    await it.clock.advance(10);
    expect(it.told).toContain(`microphone fault: ${why}`);
  });

  it('says what to install when there is no GStreamer', async () => {
    const it = await makeBench();
    it.programs.refusal = new HardwareFault('noAnswer', 'gst-launch-1.0', 'is not installed');
    await it.speaker.start();
    await it.clock.advance(100);
    expect(it.told.at(-1)).toContain('install gstreamer1.0-tools');
  });

  it('replaces a pipeline that hangs', async () => {
    const it = await makeBench();
    await it.microphone.start(() => {});
    await it.clock.advance(100);
    await it.flow(300);
    await it.clock.advance(700);
    expect(it.microphone.state).toBe('waiting');
    await it.clock.advance(5_000);
    expect(it.told.at(-1)).toContain('no sound flows');
    await it.flow(300);
    expect(it.programs.children.length).toBeGreaterThan(1);
    expect(it.microphone.state).toBe('running');
  });

  it('cuts chunks out of any pieces, and forgets what is too old', async () => {
    const it = await makeBench();
    let heard = 0;
    await it.microphone.start((samples) => {
      expect(samples).toHaveLength(CHUNK_SAMPLES);
      heard += 1;
    });
    await it.clock.advance(100);
    const random = new Random(5);
    for (let sent = 0; sent < 100; sent++) {
      it.programs.latest.send(0, CHUNK, 1 + Math.floor(random.next() * 900));
      await it.clock.advance(10);
    }
    expect(heard).toBe(100);
    await it.clock.advance(400);
    it.programs.latest.send(0, new Uint8Array(40 * CHUNK.length));
    expect(heard).toBeGreaterThan(110);
    expect(heard).toBeLessThan(125);
  });

  it('does not queue behind a pipeline that takes nothing', async () => {
    const it = await makeBench();
    await it.speaker.start();
    await it.clock.advance(100);
    const [input] = it.programs.latest.inputs;
    if (!input) throw new Error('the pipeline has no input');
    it.speaker.write(new Int16Array(CHUNK_SAMPLES));
    input.unsentBytes = 10_000;
    it.speaker.write(new Int16Array(CHUNK_SAMPLES));
    expect(input.bytes).toHaveLength(1);
  });

  it('settles whatever order ends are started and stopped in', async () => {
    const it = await makeBench();
    const random = new Random(8);
    for (let step = 0; step < 300; step++) {
      const end = random.next() < 0.5 ? it.microphone : it.speaker;
      if (random.next() < 0.5) await end.start(() => {});
      else void end.stop();
      await it.clock.advance(Math.floor(random.next() * 40));
      expect(it.programs.alive.length).toBeLessThanOrEqual(1);
    }
    await it.close();
    expect(it.programs.alive).toHaveLength(0);
  });
});
