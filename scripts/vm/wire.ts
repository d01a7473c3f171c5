/** Messages from the VM to the host: JSON lines over a virtio serial port. */
import { z } from 'zod';

export const TestResult = z.object({
  kind: z.literal('test'),
  /** Path of the file from the project's root. */
  file: z.string(),
  /** Names of the groups around the test, outermost first. */
  groups: z.array(z.string()),
  test: z.string(),
  state: z.enum(['pass', 'fail', 'skip']),
  ms: z.number(),
  /** Why it failed or was skipped. */
  why: z.string().optional(),
});
export type TestResult = z.infer<typeof TestResult>;

/** A step of the whole robot inside. */
export const StepResult = z.object({
  kind: z.literal('step'),
  number: z.number(),
  what: z.string(),
  ok: z.boolean(),
  ms: z.number(),
  /** Observation: figures, or why it is not ok. */
  seen: z.string(),
});
export type StepResult = z.infer<typeof StepResult>;

export const Figure = z.object({
  kind: z.literal('figure'),
  name: z.string(),
  unit: z.string(),
  samples: z.array(z.number()),
});
export type Figure = z.infer<typeof Figure>;

export const Word = z.discriminatedUnion('kind', [
  /** A phase begins that ends within `limitS` seconds. */
  z.object({ kind: z.literal('phase'), name: z.string(), limitS: z.number() }),
  TestResult,
  StepResult,
  Figure,
  z.object({ kind: z.literal('note'), text: z.string() }),
  /** Firmware is frozen now: the watchdog must reset the machine. */
  z.object({ kind: z.literal('frozen'), withinS: z.number() }),
  z.object({ kind: z.literal('ended'), name: z.string(), code: z.number() }),
  z.object({ kind: z.literal('done') }),
]);
export type Word = z.infer<typeof Word>;
