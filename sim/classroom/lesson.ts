/**
 * When the teacher says what: one fixed lesson that goes round. Picture and sound both ask here,
 * so the mouth moves when the voice is heard.
 */
import { UTTERANCES } from './speech/utterances.ts';

/** Of the speech files. */
export const SPEECH_RATE_HZ = 16_000;

/** A breath after each sentence. */
const PAUSE_MS = 1_500;

interface Utterance {
  readonly file: string;
  readonly language: 'nl' | 'sv' | 'en';
  readonly text: string;
  /** Of the file, at 16 kHz. */
  readonly samples: number;
  /** From the start of the lesson, whole milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
}

export const LESSON: readonly Utterance[] = schedule();

export const LESSON_MS = (LESSON.at(-1)?.endMs ?? 0) + PAUSE_MS;

function schedule(): Utterance[] {
  let startMs = 0;
  return UTTERANCES.map((utterance) => {
    const endMs = startMs + Math.ceil((utterance.samples / SPEECH_RATE_HZ) * 1_000);
    const entry = { ...utterance, startMs, endMs };
    startMs = endMs + PAUSE_MS;
    return entry;
  });
}

/** Where in the lesson a moment of the scene is, 0..LESSON_MS. */
export function lessonMs(sceneMs: number): number {
  return ((sceneMs % LESSON_MS) + LESSON_MS) % LESSON_MS;
}

/** The sentence that sounds at this moment of the scene. */
export function utteranceAt(sceneMs: number): Utterance | undefined {
  const at = lessonMs(sceneMs);
  return LESSON.find((utterance) => at >= utterance.startMs && at < utterance.endMs);
}
