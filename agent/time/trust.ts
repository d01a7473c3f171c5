/**
 * Whether the time of day may be believed, as a value: `(state, event) -> state`, no clock, no I/O.
 * A time is kept as an offset: what must be added to the monotonic clock to get the wall clock.
 *
 * What holds whatever anybody says: a time before the floor (this program was built, or a sure time
 * was seen, after it) or far beyond any use of this program is not believed.
 */
import type { Moment, TimeSource, Trust } from './moment.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A wall clock that moves by more than this against the monotonic one was set, or the machine slept. */
const JUMP_MS = 5_000;
/** A time service may run the clock faster or slower than that, without a jump (chrony: 8 %). */
const SLEW = 0.1;
/** Time goes on right without its source for so long: a crystal loses less than a minute of it. */
export const HOLD_MS = 7 * DAY_MS;
/** A time server, or the next devices, may go back by a little over what was seen before. */
const FLOOR_SLACK_MS = 5 * MINUTE_MS;
/** Nothing of ours is in use longer than this after it was built. */
const CEILING_MS = 20 * 365 * DAY_MS;
/** Two that differ by less say the same. */
const AGREE_MS = 2 * MINUTE_MS;
/** What a device lent is worth nothing after this. */
export const LENT_MS = DAY_MS;
/** Devices whose word is remembered, the newest. Each has one. */
const MAX_LENDERS = 8;

/** Both clocks of the machine, read together. */
export interface Clocks {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** What an offset rests on, and when it was confirmed last (monotonic). */
interface Anchor {
  readonly offsetMs: number;
  readonly atMs: number;
}

interface Lent extends Anchor {
  readonly device: string;
}

export interface TimeState {
  /** Certainly past, milliseconds since 1970. */
  readonly floorMs: number;
  readonly builtMs: number;
  /** The system's clocks as they were seen last. */
  readonly seen: Clocks;
  /** The system's clock was synchronised, and has not jumped since. */
  readonly system: Anchor | undefined;
  readonly fleet: Anchor | undefined;
  readonly lent: readonly Lent[];
  /**
   * The latest offset that was judged by in this boot, which devices alone do not take back: what was
   * over stays over, whatever two of them say later. A sleep only makes the true one larger.
   */
  readonly judgedMs: number | undefined;
}

export type TimeEvent =
  | { readonly type: 'look' }
  /** The machine said that its clock is synchronised. */
  | { readonly type: 'synchronised' }
  /** A bound device said in a fresh, signed message that it is `saidMs`. */
  | { readonly type: 'lent'; readonly device: string; readonly saidMs: number }
  /** The fleet signed that it is `saidMs`, in answer to a nonce. */
  | { readonly type: 'signed'; readonly saidMs: number };

export function firstState(clocks: Clocks, builtMs: number, knownMs: number): TimeState {
  const floorMs = isPlausible(knownMs, builtMs) ? Math.max(builtMs, knownMs) : builtMs;
  const nothing = { ...nothingKnown, judgedMs: undefined };
  return { floorMs, builtMs, seen: clocks, ...nothing };
}

/** What devices agreed on in this very boot, before a restart of the process. */
export function remindOf(state: TimeState, judgedMs: number): TimeState {
  return { ...state, judgedMs };
}

/** A sure time of this very boot, found again after a restart of the process. */
export function resume(state: TimeState, anchor: Anchor): TimeState {
  const offset = offsetOf(state.seen);
  const held = state.seen.nowMs - anchor.atMs;
  const same = held >= 0 && Math.abs(offset - anchor.offsetMs) <= JUMP_MS;
  return same && held <= HOLD_MS ? { ...state, system: anchor } : state;
}

export function stepTime(before: TimeState, clocks: Clocks, event: TimeEvent): TimeState {
  const state = heard(looked(before, clocks), clocks, event);
  const { offsetMs, trust } = best(state, clocks);
  if (trust === 'sure') return { ...state, judgedMs: offsetMs };
  if (trust !== 'agreed' || offsetMs <= (state.judgedMs ?? Number.NEGATIVE_INFINITY)) return state;
  return { ...state, judgedMs: offsetMs };
}

function heard(state: TimeState, clocks: Clocks, event: TimeEvent): TimeState {
  switch (event.type) {
    case 'look':
      return state;
    case 'synchronised': {
      if (!isBelievable(state, clocks.wallMs)) return { ...state, system: undefined };
      const system = { offsetMs: offsetOf(clocks), atMs: clocks.nowMs };
      return { ...state, system, floorMs: Math.max(state.floorMs, clocks.wallMs) };
    }
    case 'signed': {
      if (!isBelievable(state, event.saidMs)) return state;
      const fleet = { offsetMs: event.saidMs - clocks.nowMs, atMs: clocks.nowMs };
      return { ...state, fleet, floorMs: Math.max(state.floorMs, event.saidMs) };
    }
    case 'lent': {
      // Does not raise the floor: a device that says 2040 must not outlive its visit.
      if (!isBelievable(state, event.saidMs)) return state;
      const { device, saidMs } = event;
      const mine = { device, offsetMs: saidMs - clocks.nowMs, atMs: clocks.nowMs };
      const others = state.lent.filter((one) => one.device !== device);
      return { ...state, lent: [...others, mine].slice(-MAX_LENDERS) };
    }
  }
}

/** The best that is known. `state` has looked at these very clocks. */
export function momentOf(state: TimeState, clocks: Clocks, boot: string): Moment {
  const { offsetMs, trust, source } = best(state, clocks);
  const wallMs = Math.max(clocks.nowMs + offsetMs, trust === 'none' ? state.floorMs : 0);
  return { monotonicMs: clocks.nowMs, boot, wallMs, trust, source };
}

/** A jump makes all void that was hung on the clocks: whether the machine slept or was set is unknown. */
function looked(state: TimeState, clocks: Clocks): TimeState {
  const moved = Math.abs(offsetOf(clocks) - offsetOf(state.seen));
  const passed = Math.max(0, clocks.nowMs - state.seen.nowMs);
  const next = { ...state, seen: clocks };
  if (moved > JUMP_MS + SLEW * passed) return { ...next, ...nothingKnown };
  const { system, fleet, lent } = state;
  return {
    ...next,
    system: isWithin(system, clocks, HOLD_MS) ? system : undefined,
    fleet: isWithin(fleet, clocks, HOLD_MS) ? fleet : undefined,
    lent: lent.filter((one) => isWithin(one, clocks, LENT_MS)),
  };
}

const nothingKnown = { system: undefined, fleet: undefined, lent: [] } as const;

interface Best {
  readonly offsetMs: number;
  readonly trust: Trust;
  readonly source: TimeSource;
}

function best(state: TimeState, clocks: Clocks): Best {
  const own = offsetOf(clocks);
  // A synchronised clock goes on being corrected, so the clock itself is read.
  if (state.system) return { offsetMs: own, trust: 'sure', source: 'ntp' };
  if (state.fleet) return { offsetMs: state.fleet.offsetMs, trust: 'sure', source: 'fleet' };
  return lentBest(state, clocks) ?? { offsetMs: own, trust: 'none', source: 'system' };
}

/** Devices do not agree on a time that is earlier than what was known: such a word is one of many. */
function lentBest(state: TimeState, clocks: Clocks): Best | undefined {
  const found = agreement(state, clocks);
  const earliest = (state.judgedMs ?? Number.NEGATIVE_INFINITY) - FLOOR_SLACK_MS;
  if (found?.trust !== 'agreed' || found.offsetMs >= earliest) return found;
  return { ...found, trust: 'lent', source: 'pupil' };
}

/** Devices that contradict each other, with nobody to decide between them, tell nothing. */
function agreement({ lent, floorMs }: TimeState, clocks: Clocks): Best | undefined {
  const [one] = lent;
  if (!one) return undefined;
  const agreeing = (offsetMs: number): Lent[] =>
    lent.filter((other) => Math.abs(other.offsetMs - offsetMs) <= AGREE_MS);
  const groups = lent.map(({ offsetMs }) => agreeing(offsetMs));
  const largest = groups.reduce((a, b) => (b.length > a.length ? b : a));
  const rivals = groups.filter(
    (group) => group.length === largest.length && !group.some((member) => largest.includes(member)),
  );
  if (rivals.length > 0) return undefined;
  const offsetMs = middle(largest.map((member) => member.offsetMs));
  if (largest.length > 1) return { offsetMs, trust: 'agreed', source: 'pupils' };
  // The machine's own clock is a second witness when it says the same.
  const own = offsetOf(clocks);
  const witnessed = Math.abs(own - offsetMs) <= AGREE_MS && clocks.wallMs >= floorMs;
  if (witnessed) return { offsetMs: own, trust: 'agreed', source: 'pupil' };
  return { offsetMs, trust: 'lent', source: 'pupil' };
}

function middle(offsets: readonly number[]): number {
  const sorted = [...offsets].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function isWithin(anchor: Anchor | undefined, { nowMs }: Clocks, ms: number): boolean {
  return anchor !== undefined && nowMs - anchor.atMs <= ms;
}

function isBelievable({ floorMs, builtMs }: TimeState, wallMs: number): boolean {
  return wallMs >= floorMs - FLOOR_SLACK_MS && isPlausible(wallMs, builtMs);
}

function isPlausible(wallMs: number, builtMs: number): boolean {
  return Number.isFinite(wallMs) && wallMs <= builtMs + CEILING_MS;
}

const offsetOf = ({ nowMs, wallMs }: Clocks): number => wallMs - nowMs;
