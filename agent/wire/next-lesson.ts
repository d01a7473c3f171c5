/** What a pupil is told of the next lesson. */
import { z } from 'zod';

export const NextLesson = z.object({
  /** Milliseconds since 1970, when it begins. */
  from: z.int().nonnegative().max(8.64e15),
  /** IANA time zone by which the school counts; a browser may not know it. */
  zone: z.string().max(60),
});
export type NextLesson = z.infer<typeof NextLesson>;
