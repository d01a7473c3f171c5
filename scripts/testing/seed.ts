/**
 * The seed of all property tests (a setup file of Vitest): `FC_SEED=<integer>` gives another one, as
 * CI does. A property that fails prints its seed; the same FC_SEED repeats it.
 */
import fc from 'fast-check';

const EVERYDAY = 20_261_126;

fc.configureGlobal({ seed: seedOf(process.env.FC_SEED) });

function seedOf(text: string | undefined): number {
  if (text === undefined || text === '') return EVERYDAY;
  const seed = Number(text);
  // What fast-check keeps of a seed.
  if (!Number.isInteger(seed) || Math.abs(seed) > 0x7fffffff)
    throw new Error(`FC_SEED: expected an integer of -2147483647..2147483647, got "${text}"`);
  return seed;
}
