/**
 * The promises of microphone and speaker on a real kernel: ALSA by the driver `snd-aloop`, where
 * what is played on device 0 is heard on device 1. It is pulled out by unbinding its driver.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { microphoneContract } from '../../contract/microphone.ts';
import { speakerContract } from '../../contract/speaker.ts';
import { delay } from '../../ports/clock.ts';
import type { Microphone } from '../../ports/media.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openSound, type Sound } from './open-sound.ts';
import { CARD_OUT_MS, wiredEnds } from './pipeline.ts';

/** An emulated processor is so many times slower than a robot's. */
const slowness = Number(process.env.VM_SLOWNESS ?? 1);
const DRIVER = '/sys/bus/platform/drivers/snd_aloop';
const CARD = 'snd_aloop.0';
const clock = new SystemClock();

const inserted = (): boolean => readdirSync(DRIVER).includes(CARD);

async function plug(wanted: boolean): Promise<void> {
  if (inserted() === wanted) return;
  writeFileSync(`${DRIVER}/${wanted ? 'bind' : 'unbind'}`, CARD);
}

async function open(input: string, output: string): Promise<Sound> {
  await plug(true);
  const wiring = { system: 'alsa', input, output, echoDelayMs: 0 } as const;
  const times = { first: 8_000 * slowness, next: 600 * slowness, again: 2_000 * slowness };
  return openSound(
    wiring,
    { clock, logLine: (line) => process.stderr.write(`${line}\n`) },
    // The canceller in an emulated processor would be late for everything; it is measured elsewhere.
    {
      times,
      processing: slowness > 1 ? 'raw' : 'full',
      ends: wiredEnds(wiring, CARD_OUT_MS * slowness),
    },
  );
}

const base = {
  // By the clock on the wall, however slow its owner lives.
  startMs: 1_600 / slowness,
  now: () => clock.now() / slowness,
  pass: (ms: number) => delay(clock, ms * slowness),
  plug,
};

/** Seen by someone who lives as many times slower: one chunk of so many. */
function slowed(microphone: Microphone): Microphone {
  let count = 0;
  return {
    present: microphone.present,
    get state() {
      return microphone.state;
    },
    onState: (listener) => microphone.onState(listener),
    start: (onChunk) =>
      microphone.start((samples, capturedAtMs) => {
        count += 1;
        if (count % Math.max(1, Math.round(slowness)) === 0)
          onChunk(samples, capturedAtMs / slowness);
      }),
    stop: () => microphone.stop(),
  };
}

microphoneContract('Linux kernel, snd-aloop', async () => {
  const sound = await open('hw:Loopback,1,0', 'hw:Loopback,0,1');
  return { ...base, microphone: slowed(sound.microphone), close: () => sound.close() };
});

/** Records the other end of the loop; resolves when it does. */
async function listen() {
  const format = ['-f', 'S16_LE', '-r', '48000', '-c', '1', '-t', 'raw', '-q'];
  // Short periods: what is heard is counted soon. A long buffer: nothing is missed.
  const times = ['--period-time=20000', '--buffer-time=1000000'];
  const args = ['-D', 'hw:Loopback,1,0', ...times, ...format];
  const recorder = spawn('arecord', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let samples = 0;
  let loudest = 0;
  recorder.stdout.on('data', (bytes: Buffer) => {
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      const level = Math.abs(bytes.readInt16LE(at)) / 32_768;
      if (level > 0) samples += 1;
      loudest = Math.max(loudest, level);
    }
  });
  await once(recorder.stdout, 'data');
  return {
    heard: () => {
      const since = { ms: samples / 48, loudest };
      loudest = 0;
      return since;
    },
    end: async () => {
      if (recorder.exitCode !== null || recorder.signalCode !== null) return;
      recorder.kill('SIGKILL');
      await once(recorder, 'exit');
    },
  };
}

speakerContract('Linux kernel, snd-aloop', async () => {
  const sound = await open('hw:Loopback,1,1', 'hw:Loopback,0,0');
  const ear = await listen();
  return {
    ...base,
    deviceMs: CARD_OUT_MS * slowness,
    speaker: sound.speaker,
    heard: ear.heard,
    close: async () => {
      await sound.close();
      await ear.end();
    },
  };
});
