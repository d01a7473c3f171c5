/**
 * The seed of all that is random in tests (a setup file of Vitest): properties, and the spread of
 * retries. `FC_SEED=<integer>` gives another one, as CI does. A property that fails prints its seed;
 * the same FC_SEED repeats it.
 */
import fc from 'fast-check';
import { Random } from '../../sim/time/random.ts';

const EVERYDAY = 20_261_126;

const seed = seedOf(process.env.FC_SEED);
fc.configureGlobal({ seed });
const random = new Random(seed);
Math.random = () => random.next();

function seedOf(text: string | undefined): number {
  if (text === undefined || text === '') return EVERYDAY;
  const seed = Number(text);
  // What fast-check keeps of a seed.
  if (!Number.isInteger(seed) || Math.abs(seed) > 0x7fffffff)
    throw new Error(`FC_SEED: expected an integer of -2147483647..2147483647, got "${text}"`);
  return seed;
}
