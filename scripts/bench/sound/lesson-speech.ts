/** The lesson's sentences one after another, at 48 kHz, -1..1. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPEECH_RATE_HZ } from '../../../sim/classroom/lesson.ts';
import { UTTERANCES } from '../../../sim/classroom/speech/utterances.ts';
import { decodeImaWav, SpeechTrack, speechFolder } from '../../../sim/classroom/speech-track.ts';

const PAUSE_SAMPLES = SPEECH_RATE_HZ / 4;

/** Numbers of sentences, 0..11; a quarter of a second of silence after each. */
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
