/** The room for measuring the echo canceller: an ordinary classroom and a small loudspeaker. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPEECH_RATE_HZ } from '../../../sim/classroom/lesson.ts';
import { UTTERANCES } from '../../../sim/classroom/speech/utterances.ts';
import { decodeImaWav, SpeechTrack, speechFolder } from '../../../sim/classroom/speech-track.ts';
import { convolve, echoOf, impulseResponse, noise, sum } from './room.ts';

const PAUSE_SAMPLES = SPEECH_RATE_HZ / 4;

/**
 * The lesson's sentences one after another, at 48 kHz, -1..1. `sentences`: numbers 0..11; a quarter
 * of a second of silence after each.
 */
export function speechOf(
  sentences: readonly number[],
  folder: string = speechFolder(),
): Float64Array {
  const parts = sentences.map((number) => {
    const file = UTTERANCES[number]?.file ?? '';
    return decodeImaWav(readFileSync(join(folder, file))).samples;
  });
  const length = parts.reduce((total, part) => total + part.length + PAUSE_SAMPLES, 0);
  const joined = new Int16Array(length);
  let from = 0;
  for (const part of parts) {
    joined.set(part, from);
    from += part.length + PAUSE_SAMPLES;
  }
  const track = new SpeechTrack(joined);
  const out = new Float32Array(track.length);
  track.read(0, out);
  return Float64Array.from(out);
}

const ROOM = { rt60Ms: 500, directToReverbDb: 3 };
const NOISE_DB = -65;
/** The card's timestamps place playback this much after the canceller's reference. */
const LEAD_MS = 10;

interface SceneOptions {
  readonly seed: number;
  /** Echo delay beyond the latency that the devices report. */
  readonly delayMs: number;
  readonly sentences?: readonly number[];
  /** The head turns: another response of the same room. */
  readonly changeMs?: number;
  /** Someone in class speaks too, from here on... */
  readonly nearMs?: number;
  /** ...this much louder than the echo. */
  readonly nearOverEchoDb?: number;
  readonly folder?: string;
}

interface Scene {
  readonly played: Float64Array;
  /** The near end alone, where there is one. */
  readonly near: Float64Array;
  readonly heard: Float64Array;
}

export function makeScene(options: SceneOptions): Scene {
  const { seed, delayMs, changeMs = Number.POSITIVE_INFINITY, nearMs, folder } = options;
  const played = speechOf(options.sentences ?? [0, 3, 6, 9], folder);
  const rooms = [seed, seed + 1].map((number) => ({ ...ROOM, seed: number }));
  const echo = echoOf({ played, rooms, changeMs, delayMs: delayMs + LEAD_MS, levelDb: -6 });
  const near = nearEnd(played.length, nearMs, options.nearOverEchoDb ?? 0, seed + 2, folder);
  return { played, near, heard: sum(echo, near, noise(seed, played.length, NOISE_DB)) };
}

/** Also reverberant, from further away. All sentences have the same level. */
function nearEnd(
  length: number,
  fromMs: number | undefined,
  overEchoDb: number,
  seed: number,
  folder: string | undefined,
): Float64Array {
  const out = new Float64Array(length);
  if (fromMs === undefined) return out;
  const response = impulseResponse({ ...ROOM, seed, directToReverbDb: 0 });
  const speech = convolve(speechOf([2, 5, 8, 11, 1, 4], folder), response);
  const gain = 10 ** ((overEchoDb - 6) / 20);
  const from = fromMs * 48;
  for (let i = from; i < length; i++) out[i] = gain * (speech[i - from] ?? 0);
  return out;
}
