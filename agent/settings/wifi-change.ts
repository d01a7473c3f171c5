/**
 * A change of the Wi-Fi networks that cannot strand the robot. A value; wifi-changer.ts performs the
 * effects.
 *
 *     idle ─start─▶ waiting ─class is over─▶ beginning ─begun─▶ joining ─joined─▶ reaching
 *                                                │                │ ▲               │  │
 *                                          failed│      notJoined │ └─next network──┘  │reached
 *                                                ▼                ▼   (timeout)        ▼
 *                                              idle ◀─returned─ returning ◀─failed─ confirming ─▶ idle
 *
 * Every way that does not end in `confirmed` leads back to the networks of before. If the agent dies
 * in between, the trial ends by itself (port), and `resume` finds out how.
 */
import type { WifiFailure, WifiTrial } from '../../hal/ports/wifi-settings.ts';

/** Time limit of joining one network, milliseconds: authentication and address together. */
export const JOIN_MS = 60_000;
/** The broker has to be reached over the new network within this. */
export const REACH_MS = 60_000;
/** The trial goes back by itself after this, counted anew for each network. Seconds. */
export const TRIAL_S = (JOIN_MS + REACH_MS) / 1_000 + 30;

/** Why a network of the list is no good. */
export type NetworkFailure = WifiFailure | 'portal' | 'broker';

export interface WifiJob {
  readonly version: number;
  readonly ssids: readonly string[];
}

interface Trying {
  readonly job: WifiJob;
  readonly trial: WifiTrial;
  readonly index: number;
  readonly failures: readonly NetworkFailure[];
}

export type WifiChange =
  | { readonly name: 'idle' }
  | { readonly name: 'waiting' | 'beginning'; readonly job: WifiJob }
  | ({ readonly name: 'joining' | 'reaching' | 'explaining' | 'confirming' } & Trying)
  | { readonly name: 'returning'; readonly reason: string };

export type WifiEvent =
  | { readonly type: 'start'; readonly job: WifiJob; readonly inClass: boolean }
  /** Another version replaces what is still waiting. */
  | { readonly type: 'class'; readonly inClass: boolean }
  | { readonly type: 'begun'; readonly trial: WifiTrial }
  | { readonly type: 'joined' }
  | { readonly type: 'notJoined'; readonly why: WifiFailure }
  | { readonly type: 'reached' }
  | { readonly type: 'timeout' }
  /** Why the broker is not reached. */
  | { readonly type: 'explained'; readonly portal: boolean }
  | { readonly type: 'kept' }
  | { readonly type: 'returned' }
  /** The computer's network service refused or does not answer. */
  | { readonly type: 'failed'; readonly reason: string };

export type WifiEffect =
  | { readonly do: 'begin'; readonly version: number }
  | { readonly do: 'join'; readonly trial: WifiTrial; readonly index: number }
  | { readonly do: 'probe' }
  | { readonly do: 'arm'; readonly ms: number }
  | { readonly do: 'disarm' }
  | { readonly do: 'explain' }
  | { readonly do: 'confirm'; readonly trial: WifiTrial }
  | { readonly do: 'rollback'; readonly trial: WifiTrial }
  | { readonly do: 'confirmed' }
  | { readonly do: 'rejected'; readonly reason: string };

export interface WifiStep {
  readonly state: WifiChange;
  readonly effects: readonly WifiEffect[];
}

export const noChange: WifiChange = { name: 'idle' };

export function step(state: WifiChange, event: WifiEvent): WifiStep {
  switch (state.name) {
    case 'idle':
      return event.type === 'start' ? start(event.job, event.inClass) : stays(state);
    case 'waiting':
      if (event.type === 'start') return start(event.job, event.inClass);
      return event.type === 'class' && !event.inClass ? begin(state.job) : stays(state);
    case 'beginning':
      if (event.type === 'begun') return begun(state.job, event.trial);
      return event.type === 'failed' ? idleAfter(event.reason) : stays(state);
    case 'joining':
      if (event.type === 'joined') return reach(state);
      if (event.type === 'notJoined') return next(state, event.why);
      if (event.type === 'timeout') return next(state, 'failed');
      return event.type === 'failed' ? goBack(state.trial, event.reason) : stays(state);
    case 'reaching':
      if (event.type === 'reached') return confirm(state);
      return event.type === 'timeout'
        ? { state: { ...state, name: 'explaining' }, effects: [{ do: 'explain' }] }
        : stays(state);
    case 'explaining':
      if (event.type === 'reached') return confirm(state);
      if (event.type === 'explained') return next(state, event.portal ? 'portal' : 'broker');
      return event.type === 'failed' ? next(state, 'broker') : stays(state);
    case 'confirming':
      if (event.type === 'kept')
        return { state: noChange, effects: [{ do: 'disarm' }, { do: 'confirmed' }] };
      return event.type === 'failed' ? goBack(state.trial, event.reason) : stays(state);
    case 'returning':
      // Without an answer the trial goes back by itself all the same.
      return event.type === 'returned' || event.type === 'failed'
        ? idleAfter(state.reason)
        : stays(state);
  }
}

const stays = (state: WifiChange): WifiStep => ({ state, effects: [] });

function start(job: WifiJob, inClass: boolean): WifiStep {
  return inClass ? { state: { name: 'waiting', job }, effects: [] } : begin(job);
}

function begin(job: WifiJob): WifiStep {
  return {
    state: { name: 'beginning', job },
    effects: [{ do: 'begin', version: job.version }],
  };
}

/** An empty list leaves whatever carries the traffic without it: the broker has to be reached. */
function begun(job: WifiJob, trial: WifiTrial): WifiStep {
  const trying: Trying = { job, trial, index: 0, failures: [] };
  return job.ssids.length === 0 ? reach(trying) : join(trying);
}

function join(trying: Trying): WifiStep {
  const { trial, index } = trying;
  return {
    state: { ...trying, name: 'joining' },
    effects: [
      { do: 'arm', ms: JOIN_MS },
      { do: 'join', trial, index },
    ],
  };
}

function reach(trying: Trying): WifiStep {
  return {
    state: { ...trying, name: 'reaching' },
    effects: [{ do: 'arm', ms: REACH_MS }, { do: 'probe' }],
  };
}

function confirm(trying: Trying): WifiStep {
  return {
    state: { ...trying, name: 'confirming' },
    effects: [{ do: 'disarm' }, { do: 'confirm', trial: trying.trial }],
  };
}

function next(trying: Trying, why: NetworkFailure): WifiStep {
  const failures = [...trying.failures, why];
  const index = trying.index + 1;
  if (index < trying.job.ssids.length) return join({ ...trying, index, failures });
  return goBack(trying.trial, wordsFor(trying.job.ssids, failures));
}

function goBack(trial: WifiTrial, reason: string): WifiStep {
  return {
    state: { name: 'returning', reason },
    effects: [{ do: 'disarm' }, { do: 'rollback', trial }],
  };
}

const idleAfter = (reason: string): WifiStep => ({
  state: noChange,
  effects: [{ do: 'disarm' }, { do: 'rejected', reason }],
});

const WORDS: Readonly<Record<NetworkFailure, string>> = {
  noDevice: 'this computer has no Wi-Fi that can be used',
  notSeen: 'no such network in sight',
  credentials: 'the passphrase or login is wrong',
  noAddress: 'it gives no address',
  unsupported: 'this computer cannot log in that way',
  failed: 'it could not be joined',
  portal: 'it asks for a login on a web page',
  broker: 'the broker is not reached from there',
};

function wordsFor(ssids: readonly string[], failures: readonly NetworkFailure[]): string {
  if (ssids.length === 0) return 'networks: without any of them the broker is not reached';
  return failures.map((why, n) => `networks.${n} (${ssids[n]}): ${WORDS[why]}`).join('; ');
}
