/**
 * One section of settings, as a value: which version is in force, which is tried, which was
 * rejected. The last good one stays in force until another is confirmed.
 *
 *     settled ──desired──▶ trying ──begun──▶ trying (begun) ──confirmed──▶ settled (newer)
 *                            │ ▲                   │
 *                      failed│ └─desired (newer)   │failed
 *                            ▼                     ▼
 *                         settled (as before, with what was rejected)
 */
import { isDeepStrictEqual } from 'node:util';

/** Longest reason; SectionReport.reason. */
const MAX_REASON = 300;

export interface Versioned {
  readonly version: number;
  readonly value: object;
}

export interface SectionState {
  /** Undefined: as configured on the robot itself, which is version 0. */
  readonly inForce?: Versioned | undefined;
  /** `begun`: its effects have started, so another one has to wait; names the trial. */
  readonly trying?: (Versioned & { readonly begun?: string | undefined }) | undefined;
  /** The last version that was not taken, if it is newer than the one in force. */
  readonly rejected?: { readonly version: number; readonly reason: string } | undefined;
}

export const asConfigured: SectionState = {};

export type SectionEvent =
  /** Its value fits the section. */
  | { readonly type: 'desired'; readonly version: number; readonly value: object }
  /** `reason`: which field, what was expected. */
  | { readonly type: 'malformed'; readonly version: number; readonly reason: string }
  /** What is tried takes effect from now on. `trial` names that, also after a restart. */
  | { readonly type: 'begun'; readonly trial: string }
  /** It works and is on disk. */
  | { readonly type: 'confirmed' }
  | { readonly type: 'failed'; readonly reason: string };

export type SettingsRefusal = 'older' | 'conflict' | 'busy' | 'malformed';

export type SectionEffect =
  /** `reason` begins with a SettingsRefusal. */
  | { readonly do: 'refuse'; readonly reason: string }
  /** What the robot runs with, or tries, has changed. */
  | { readonly do: 'report' };

export interface SectionStep {
  readonly state: SectionState;
  readonly effects: readonly SectionEffect[];
}

export const versionOf = (state: SectionState): number => state.inForce?.version ?? 0;

export function step(state: SectionState, event: SectionEvent): SectionStep {
  switch (event.type) {
    case 'desired':
      return desired(state, event);
    case 'malformed':
      return malformed(state, event.version, event.reason);
    case 'begun':
      return state.trying && state.trying.begun === undefined
        ? { state: { ...state, trying: { ...state.trying, begun: event.trial } }, effects: [] }
        : stays(state);
    case 'confirmed':
      return confirmed(state);
    case 'failed':
      return reject(state, event.reason);
  }
}

const stays = (state: SectionState): SectionStep => ({ state, effects: [] });

function desired(state: SectionState, { version, value }: Versioned): SectionStep {
  const older = olderThan(state, version);
  if (older) return older;
  for (const held of [state.inForce, state.trying])
    if (held?.version === version)
      return isDeepStrictEqual(held.value, value)
        ? stays(state)
        : refuse(state, 'conflict', `version ${version} holds another value: raise the version`);
  if (state.trying?.begun !== undefined)
    return refuse(
      state,
      'busy',
      `version ${state.trying.version} is being tried: try again in some minutes`,
    );
  const trying = { version, value };
  return {
    state: { inForce: state.inForce, trying },
    effects: [{ do: 'report' }],
  };
}

/** A version that cannot be used does not stop one that is being tried. */
function malformed(state: SectionState, version: number, reason: string): SectionStep {
  const older = olderThan(state, version);
  if (older) return older;
  const refused = refuse(state, 'malformed', reason);
  if (version === versionOf(state) || state.trying) return refused;
  return {
    state: { ...state, rejected: { version, reason: bounded(`malformed: ${reason}`) } },
    effects: [...refused.effects, { do: 'report' }],
  };
}

function olderThan(state: SectionState, version: number): SectionStep | undefined {
  const newest = Math.max(versionOf(state), state.trying?.version ?? 0);
  if (version >= newest) return undefined;
  return refuse(state, 'older', `version ${version} is older than ${newest}: expected a newer one`);
}

function confirmed(state: SectionState): SectionStep {
  if (!state.trying) return stays(state);
  const { version, value } = state.trying;
  return { state: { inForce: { version, value } }, effects: [{ do: 'report' }] };
}

function reject(state: SectionState, reason: string): SectionStep {
  if (!state.trying) return stays(state);
  const rejected = { version: state.trying.version, reason: bounded(reason) };
  return { state: { inForce: state.inForce, rejected }, effects: [{ do: 'report' }] };
}

function refuse(state: SectionState, why: SettingsRefusal, more: string): SectionStep {
  return { state, effects: [{ do: 'refuse', reason: bounded(`${why}: ${more}`) }] };
}

/** For SectionReport. One line. */
export const bounded = (reason: string): string =>
  reason.replace(/\p{Cc}+/gu, ' ').slice(0, MAX_REASON);
