/**
 * What the robot's microphone hears, 10 ms at a time. All levels in dBFS RMS (0 is full scale):
 *
 * | sound | level |
 * | --- | --- |
 * | teacher, 3 m away, head towards | -26 while speaking; 20 dB less for ten times the distance |
 * | teacher, head away | 10 dB less (a cardioid's rear is filled up by the room) |
 * | echoes of the teacher from the walls | about 9 dB below the teacher |
 * | murmur of classmates | about -54, coming and going |
 * | noise of the room and the microphone | -70 |
 * | head motors | -40 at 180 degrees/s, in proportion to the rate; gear whine 4 dB below |
 * | robot's own speaker | 35 dB below what it plays: what an echo canceller leaves |
 *
 * Everything is a function of time, of the head's pose and of what the speaker played.
 */
import { CHUNK_SAMPLES, SAMPLE_RATE_HZ } from '../../hal/ports/media.ts';
import { Random } from '../time/random.ts';
import { cameraFrame, type HeadPose, type Vec3 } from './plan/pose.ts';
import type { SpeechTrack } from './speech-track.ts';
import { teacherAt } from './teacher.ts';

const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1_000;
/** The speech files have -20.5 dBFS RMS. */
const FILE_TO_3M = decibels(-26 + 20.5);
const FACING_RANGE_DB = 10;
/** Paths by way of the walls: milliseconds later, and how loud beside the direct sound. */
const REFLECTIONS = [
  [0, 1],
  [9, 0.24],
  [17, 0.17],
  [26, 0.13],
  [41, 0.09],
] as const;
const LONGEST_MS = 41;
/** Two groups whisper: the lesson backwards, faster, from other places, muffled. */
const MURMURS = [
  { speed: -1.31, offset: 700_001, peak: decibels(-26), periodMs: 7_300 },
  { speed: -1.47, offset: 2_100_007, peak: decibels(-27), periodMs: 11_900 },
] as const;
/** A mean over so many samples lets through about 1.2 kHz. */
const MUFFLE = 18;
const NOISE = decibels(-70);
const FULL_RATE_DEG_S = 180;
const MOTOR = decibels(-40);
const WHINE = decibels(-44);
/** Gear teeth that pass per degree of the head. */
const WHINE_PER_DEG = 7.4;
/** White noise of amplitude 1 has this RMS. */
const WHITE_RMS = 1 / Math.sqrt(3);

export class RoomSound {
  private readonly mix = new Float32Array(CHUNK_SAMPLES);
  private readonly voice = new Float32Array(CHUNK_SAMPLES + LONGEST_MS * SAMPLES_PER_MS);
  private readonly muffled = new Float32Array(CHUNK_SAMPLES + MUFFLE);
  private before: HeadPose | undefined;

  constructor(
    private readonly speech: SpeechTrack,
    private readonly echo: EchoPath,
  ) {}

  /** Fills `out` (480 samples) with the sound that starts at `startMs`; `pose` is at its end. */
  chunk(out: Int16Array, startMs: number, pose: HeadPose): void {
    const { mix } = this;
    const before = this.before ?? pose;
    this.before = pose;
    const first = Math.round(startMs * SAMPLES_PER_MS);
    mix.fill(0);
    this.addTeacher(first, startMs, before, pose);
    for (const murmur of MURMURS) this.addMurmur(first, startMs, murmur);
    this.addNoiseAndMotors(first, before, pose);
    this.echo.add(first, mix);
    for (let i = 0; i < CHUNK_SAMPLES; i++)
      out[i] = Math.max(-32768, Math.min(32767, Math.round((mix[i] as number) * 32768)));
  }

  /** The level glides from the old to the new pose, so turning the head makes no steps. */
  private addTeacher(first: number, startMs: number, before: HeadPose, after: HeadPose): void {
    const { voice, mix, speech } = this;
    const earlier = LONGEST_MS * SAMPLES_PER_MS;
    speech.read(first - earlier, voice);
    const from = teacherGain(before, teacherAt(startMs).mouth);
    const to = teacherGain(after, teacherAt(startMs + 10).mouth);
    for (const [laterMs, loudness] of REFLECTIONS) {
      const lead = earlier - laterMs * SAMPLES_PER_MS;
      for (let i = 0; i < CHUNK_SAMPLES; i++) {
        // The walls send sound from all sides: only the direct sound depends on the direction much.
        const gain = from + ((to - from) * i) / CHUNK_SAMPLES;
        mix[i] = (mix[i] as number) + (voice[lead + i] as number) * loudness * gain;
      }
    }
  }

  private addMurmur(first: number, startMs: number, murmur: (typeof MURMURS)[number]): void {
    const { muffled, mix, speech } = this;
    const swell = 0.5 + 0.5 * Math.sin((2 * Math.PI * startMs) / murmur.periodMs);
    const gain = (murmur.peak * swell * swell) / MUFFLE;
    let sum = 0;
    for (let i = 0; i < muffled.length; i++) {
      const value = speech.rough(murmur.offset + (first - MUFFLE + i) * murmur.speed);
      muffled[i] = value;
      sum += value;
      if (i < MUFFLE) continue;
      sum -= muffled[i - MUFFLE] as number;
      mix[i - MUFFLE] = (mix[i - MUFFLE] as number) + sum * gain;
    }
  }

  private addNoiseAndMotors(first: number, before: HeadPose, after: HeadPose): void {
    const { mix } = this;
    const pan = after.panDeg - before.panDeg;
    const tilt = after.tiltDeg - before.tiltDeg;
    const ratePart = (Math.hypot(pan, tilt) * 100) / FULL_RATE_DEG_S;
    const rush = (NOISE + MOTOR * ratePart) / WHITE_RMS;
    const random = new Random(first % 0x7fffffff);
    for (let i = 0; i < CHUNK_SAMPLES; i++) {
      const part = i / CHUNK_SAMPLES;
      const angle = before.panDeg + pan * part + 1.3 * (before.tiltDeg + tilt * part);
      const whine = WHINE * ratePart * Math.SQRT2 * Math.sin(2 * Math.PI * WHINE_PER_DEG * angle);
      mix[i] = (mix[i] as number) + rush * (2 * random.next() - 1) + whine;
    }
  }
}

/** Linear gain of the teacher's voice for a head in this pose. */
function teacherGain(pose: HeadPose, mouth: Vec3): number {
  const distance = Math.hypot(mouth.x, mouth.y, mouth.z);
  const { forward } = cameraFrame(pose);
  const facing = (mouth.x * forward.x + mouth.y * forward.y + mouth.z * forward.z) / distance;
  return FILE_TO_3M * (3 / distance) * decibels((-FACING_RANGE_DB * (1 - facing)) / 2);
}

function decibels(db: number): number {
  return 10 ** (db / 20);
}

/** 341 ms of what was played: much more than the longest path. */
const HISTORY = 16_384;
/** Speaker and microphone are a hand apart; the desk and a wall answer later. */
const PATHS = [
  { delayMs: 4, gain: 1 },
  { delayMs: 12, gain: 0.4 },
  { delayMs: 23, gain: 0.25 },
] as const;
/** -35 dB: a converged WebRTC canceller in a small room. */
const RESIDUAL = 10 ** (-35 / 20);

/**
 * From the robot's speaker to its microphone. The robot has an echo canceller behind the
 * microphone; this is what such a canceller leaves.
 */
export class EchoPath {
  private readonly played = new Float32Array(HISTORY);
  /** The sample (48 kHz since the clock's zero) after the newest that was played. */
  private end = 0;

  /** The samples as they sound, from sample `first` on. */
  play(first: number, samples: Int16Array, gain: number): void {
    this.silenceUntil(first);
    for (let i = 0; i < samples.length; i++)
      this.played[(first + i) % HISTORY] = ((samples[i] as number) * gain) / 32768;
    this.end = Math.max(this.end, first + samples.length);
  }

  /** Adds what comes back to `mix`, whose first sample is `first`. */
  add(first: number, mix: Float32Array): void {
    for (const { delayMs, gain } of PATHS) {
      const from = first - Math.round((delayMs * SAMPLE_RATE_HZ) / 1_000);
      for (let i = 0; i < mix.length; i++) {
        const at = from + i;
        if (at < 0 || at >= this.end || at < this.end - HISTORY) continue;
        mix[i] = (mix[i] as number) + (this.played[at % HISTORY] as number) * gain * RESIDUAL;
      }
    }
  }

  private silenceUntil(first: number): void {
    for (let at = Math.max(this.end, first - HISTORY); at < first; at++)
      this.played[at % HISTORY] = 0;
  }
}
