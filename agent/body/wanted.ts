import { NOTHING_WANTED, type Wanted } from '../../firmware/link/schema.ts';

/** What an agent without a pupil asks of the body. */
export const nothingWanted = NOTHING_WANTED;

export function sameWanted(a: Wanted, b: Wanted): boolean {
  return (Object.keys(a) as (keyof Wanted)[]).every((key) => a[key] === b[key]);
}
