import type { Wanted } from '../../firmware/link/schema.ts';

/** What an agent without a pupil asks of the body. */
export const nothingWanted: Wanted = {
  presence: 'asleep',
  mood: 'neutral',
  hand: false,
  camera: false,
  microphone: false,
  amplifier: false,
  quiet: false,
};

export function sameWanted(a: Wanted, b: Wanted): boolean {
  return (Object.keys(a) as (keyof Wanted)[]).every((key) => a[key] === b[key]);
}
