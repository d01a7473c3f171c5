/**
 * Trust in the time of day, as a value: `(state, event) -> state`, no clock, no I/O. A time is
 * stored as an offset from the monotonic clock to the wall clock.
 *
 * In all cases, a time before the floor (the build time, or a sure time seen earlier) or beyond the
 * useful life of this program is rejected.
 */
import type { Moment, TimeSource, Trust } from './moment.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A larger change of wall clock against monotonic clock: it was set, or the machine slept. */
const JUMP_MS = 5_000;
/** A time service may slew the clock up to this rate without a jump (chrony: 8 %). */
const SLEW = 0.1;
/** Holdover without a time source; a crystal drifts less than a minute in it. */
export const HOLD_MS = 7 * DAY_MS;
/** How far a time server, or later devices, may go back before what was seen. */
const FLOOR_SLACK_MS = 5 * MINUTE_MS;
/** No release is used longer than this after it was built. */
const CEILING_MS = 20 * 365 * DAY_MS;
/** Two times that differ by less agree. */
const AGREE_MS = 2 * MINUTE_MS;
/** A time from a device expires after this. */
export const LENT_MS = DAY_MS;
/** Number of devices whose time is remembered, one each, the newest. */
const MAX_LENDERS = 8;

/** Both clocks of the machine, read together. */
export interface Clocks {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** An offset, and when it was last confirmed (monotonic). */
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
  /** The last reading of the system's clocks. */
  readonly seen: Clocks;
  /** The system's clock was synchronised, and has not jumped since. */
  readonly system: Anchor | undefined;
  readonly fleet: Anchor | undefined;
  readonly lent: readonly Lent[];
  /**
   * The latest offset used for decisions in this boot. Devices alone do not lower it: what has
   * expired stays expired, whatever two of them report later. A sleep only increases the true
   * offset.
   */
  readonly judgedMs: number | undefined;
}

export type TimeEvent =
  | { readonly type: 'look' }
  /** The machine's clock is synchronised. */
  | { readonly type: 'synchronised' }
  /** A bound device reported `saidMs` in a fresh, signed message. */
  | { readonly type: 'lent'; readonly device: string; readonly saidMs: number }
  /** The fleet signed `saidMs`, in answer to a nonce. */
  | { readonly type: 'signed'; readonly saidMs: number };

export function firstState(clocks: Clocks, builtMs: number, knownMs: number): TimeState {
  const floorMs = isPlausible(knownMs, builtMs) ? Math.max(builtMs, knownMs) : builtMs;
  const nothing = { ...nothingKnown, judgedMs: undefined };
  return { floorMs, builtMs, seen: clocks, ...nothing };
}

/** After a restart of the process: what devices agreed on in this boot. */
export function remindOf(state: TimeState, judgedMs: number): TimeState {
  return { ...state, judgedMs };
}

/** After a restart of the process: a sure time of this boot. */
export function resume(state: TimeState, anchor: Anchor): TimeState {
  const offset = offsetOf(state.seen);
  const held = state.seen.nowMs - anchor.atMs;
  const same = held >= 0 && Math.abs(offset - anchor.offsetMs) <= JUMP_MS;
  return same && held <= HOLD_MS ? { ...state, system: anchor } : state;
}

export function stepTime(before: TimeState, clocks: Clocks, event: TimeEvent): TimeState {
  const state = applyEvent(observeClocks(before, clocks), clocks, event);
  const { offsetMs, trust } = best(state, clocks);
  if (trust === 'sure') return { ...state, judgedMs: offsetMs };
  if (trust !== 'agreed' || offsetMs <= (state.judgedMs ?? Number.NEGATIVE_INFINITY)) return state;
  return { ...state, judgedMs: offsetMs };
}

function applyEvent(state: TimeState, clocks: Clocks, event: TimeEvent): TimeState {
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
      // Does not raise the floor: a wrong time such as 2040 must not outlive the device's visit.
      if (!isBelievable(state, event.saidMs)) return state;
      const { device, saidMs } = event;
      const mine = { device, offsetMs: saidMs - clocks.nowMs, atMs: clocks.nowMs };
      const others = state.lent.filter((one) => one.device !== device);
      return { ...state, lent: [...others, mine].slice(-MAX_LENDERS) };
    }
  }
}

/** The best estimate. `state` must include this reading of `clocks`. */
export function momentOf(state: TimeState, clocks: Clocks, boot: string): Moment {
  const { offsetMs, trust, source } = best(state, clocks);
  const wallMs = Math.max(clocks.nowMs + offsetMs, trust === 'none' ? state.floorMs : 0);
  return { monotonicMs: clocks.nowMs, boot, wallMs, trust, source };
}

/** A jump voids all offsets: whether the machine slept or its clock was set is unknown. */
function observeClocks(state: TimeState, clocks: Clocks): TimeState {
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
  // A synchronised clock is continuously corrected, so the clock itself is read.
  if (state.system) return { offsetMs: own, trust: 'sure', source: 'ntp' };
  if (state.fleet) return { offsetMs: state.fleet.offsetMs, trust: 'sure', source: 'fleet' };
  return lentBest(state, clocks) ?? { offsetMs: own, trust: 'none', source: 'system' };
}

/** Devices cannot agree on an earlier time than was known: it then counts as from one device. */
function lentBest(state: TimeState, clocks: Clocks): Best | undefined {
  const found = agreement(state, clocks);
  const earliest = (state.judgedMs ?? Number.NEGATIVE_INFINITY) - FLOOR_SLACK_MS;
  if (found?.trust !== 'agreed' || found.offsetMs >= earliest) return found;
  return { ...found, trust: 'lent', source: 'pupil' };
}

/** Devices that contradict each other without a majority are ignored. */
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
  // The machine's own clock confirms a device that agrees with it.
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
