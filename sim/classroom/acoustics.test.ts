import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EchoPath, RoomSound } from './acoustics.ts';
import { LESSON, LESSON_MS, lessonMs } from './lesson.ts';
import type { HeadPose } from './plan/pose.ts';
import { loadSpeech, speechFolder } from './speech-track.ts';
import { teacherAt } from './teacher.ts';

const speech = loadSpeech(speechFolder());
const DEGREES = 180 / Math.PI;

/** Sound from `fromMs` on for `ms`; `poseAt` says where the head is. */
function hear(
  fromMs: number,
  ms: number,
  poseAt: (atMs: number) => HeadPose,
  echo = new EchoPath(),
): Int16Array {
  const room = new RoomSound(speech, echo);
  const all = new Int16Array(ms * 48);
  for (let at = 0; at < ms; at += 10)
    room.chunk(all.subarray(at * 48, at * 48 + 480), fromMs + at, poseAt(fromMs + at + 10));
  return all;
}

function dbfs(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2;
  return 20 * Math.log10(Math.sqrt(sum / samples.length) / 32768);
}

const ahead: HeadPose = { panDeg: 0, tiltDeg: 0 };
const first = LESSON[0] ?? { startMs: 0, endMs: 0 };
/** In the pause after the first sentence, and on. */
const pauseMs = Math.ceil(first.endMs / 10) * 10 + 200;

function facing(atMs: number, offDeg: number): HeadPose {
  const { mouth } = teacherAt(atMs);
  return { panDeg: Math.atan2(mouth.y, mouth.x) * DEGREES + offDeg, tiltDeg: 0 };
}

describe('the speech files', () => {
  it('are as long as the lesson says, and small', () => {
    const bytes = LESSON.map(({ file }) => statSync(join(speechFolder(), file)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_000_000);
    expect(speech.length).toBe(LESSON_MS * 48);
    for (const { startMs, endMs } of LESSON) {
      const part = new Float32Array((endMs - startMs) * 48);
      speech.read(startMs * 48, part);
      const level = 20 * Math.log10(Math.hypot(...blockRms(part)) / Math.sqrt(part.length / 480));
      expect(level).toBeGreaterThan(-22.5);
      expect(level).toBeLessThan(-18.5);
    }
  });

  it('name the file and the remedy when they are missing', () => {
    expect(() => loadSpeech('/nowhere')).toThrow(/nowhere.*01-en\.wav.*build again/);
  });
});

function blockRms(part: Float32Array): number[] {
  return Array.from({ length: Math.floor(part.length / 480) }, (_, block) => {
    let sum = 0;
    for (const value of part.subarray(block * 480, block * 480 + 480)) sum += value * value;
    return Math.sqrt(sum / 480);
  });
}

describe('what the microphone hears', () => {
  it('is the teacher at about -26 dBFS when the head faces them', () => {
    const level = dbfs(hear(first.startMs, 4_000, (atMs) => facing(atMs, 0)));
    expect(level).toBeGreaterThan(-28);
    expect(level).toBeLessThan(-23.5);
  });

  it('loses about 10 dB of the teacher when the head faces away', () => {
    const towards = dbfs(hear(first.startMs, 4_000, (atMs) => facing(atMs, 0)));
    const away = dbfs(hear(first.startMs, 4_000, (atMs) => facing(atMs, 180)));
    expect(towards - away).toBeGreaterThan(8.5);
    expect(towards - away).toBeLessThan(11);
  });

  it('is a quiet room in the pauses', () => {
    const level = dbfs(hear(pauseMs, 800, () => ahead));
    expect(level).toBeGreaterThan(-72);
    expect(level).toBeLessThan(-45);
  });

  it('has the motors in it in proportion to their rate', () => {
    const turning = (degPerS: number) => (atMs: number) => ({
      panDeg: ((atMs - pauseMs) / 1_000) * degPerS,
      tiltDeg: 0,
    });
    const fast = dbfs(hear(pauseMs, 800, turning(180)));
    const slow = dbfs(hear(pauseMs, 800, turning(60)));
    expect(fast).toBeGreaterThan(-42);
    expect(fast).toBeLessThan(-35);
    expect(fast - slow).toBeGreaterThan(6);
  });

  it("has what the echo canceller leaves of the robot's own speaker, a little later", () => {
    const tone = Int16Array.from({ length: 48_000 }, (_, i) => 16_000 * Math.sin(i / 8));
    const echo = new EchoPath();
    const mix = new Float32Array(480);
    const levels: number[] = [];
    for (let at = 0; at < 9_600; at += 480) {
      echo.play(at, tone.subarray(at, at + 480), 1);
      mix.fill(0);
      echo.add(at, mix);
      levels.push(dbfs(mix.map((value) => value * 32768)));
    }
    expect(mix.length).toBe(480);
    const left = dbfs(tone) - (levels.at(-1) ?? 0);
    expect(left).toBeGreaterThan(30);
    expect(left).toBeLessThan(40);
    const early = new Float32Array(192);
    echo.add(0, early);
    expect(Math.max(...early)).toBe(0);
  });

  it('repeats: the same moment and pose sound the same, chunk by chunk', () => {
    const once = hear(12_340, 500, () => ahead);
    expect(Buffer.compare(bytesOf(once), bytesOf(hear(12_340, 500, () => ahead)))).toBe(0);
    const later = hear(12_340 + 250, 250, () => ahead);
    expect(Buffer.compare(bytesOf(once.slice(250 * 48)), bytesOf(later))).toBe(0);
  });

  it('has no clicks between chunks, also while the head turns', () => {
    const sound = hear(first.startMs + 500, 2_000, (atMs) => ({ panDeg: atMs / 10, tiltDeg: 0 }));
    const inside: number[] = [];
    const between: number[] = [];
    for (let i = 1; i < sound.length; i++)
      (i % 480 === 0 ? between : inside).push(Math.abs((sound[i] ?? 0) - (sound[i - 1] ?? 0)));
    expect(dbfs(between)).toBeLessThan(dbfs(inside) + 3);
  });

  it('goes round: the lesson starts again', () => {
    expect(lessonMs(LESSON_MS + 5)).toBe(5);
    expect(lessonMs(-5)).toBe(LESSON_MS - 5);
    const after = hear(LESSON_MS * 3 + first.startMs, 2_000, () => ahead);
    expect(dbfs(after)).toBeGreaterThan(-40);
  });
});

function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
