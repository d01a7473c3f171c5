/** What a process full of robots and the program that started it say to each other, over Node's IPC. */
import type { FleetSecrets } from './fleet-people.ts';

export interface SwarmPlan {
  readonly robots: readonly { readonly id: string; readonly school: string }[];
  /** Number of the first robot in the whole fleet. */
  readonly first: number;
  readonly seed: number;
  /** Of the broker. */
  readonly url: string;
  /** Mutual TLS, with a certificate for each robot. */
  readonly tls: boolean;
  readonly secrets: FleetSecrets;
  readonly profile: 'week' | 'idle';
  /** Simulated seconds a second. */
  readonly speed: number;
  readonly startWallMs: number;
  /** Folder for the robots' disks; absent: in memory. */
  readonly disk?: string;
  /** Connections begun a second. */
  readonly perSecond: number;
  /** Each school has a network of its own that can be cut. */
  readonly gates?: boolean;
  /** Clients of the MQTT library only, for comparison. */
  readonly bare?: boolean;
}

/** `robots`: by their number in the process, from..until-1. */
interface Some {
  readonly from: number;
  readonly until: number;
}

export type ToSwarm =
  | { readonly kind: 'prepare'; readonly plan: SwarmPlan }
  | { readonly kind: 'connect' }
  | { readonly kind: 'network'; readonly school: string; readonly online: boolean }
  | ({ readonly kind: 'jump'; readonly ms: number } & Some)
  | ({ readonly kind: 'disks'; readonly slowMs: number } & Some)
  /** Asks for `state`. `collect`: garbage first, so that memory is what is needed. */
  | { readonly kind: 'look'; readonly collect?: boolean }
  | { readonly kind: 'stop' };

export interface SwarmState {
  readonly kind: 'state';
  readonly connected: number;
  readonly inLesson: number;
  readonly records: number;
  /** When connections came up since the last `state`: milliseconds since 1970. */
  readonly ups: readonly number[];
  /** Bytes: resident set, and of it what JavaScript uses. */
  readonly memory: number;
  readonly heap: number;
}

/** All have ended. Ids of all usage records, and of those that are still on disks. */
export interface SwarmEnd {
  readonly kind: 'stopped';
  readonly ids: readonly string[];
  readonly waiting: readonly string[];
}

export type FromSwarm =
  | { readonly kind: 'prepared' }
  | SwarmState
  | SwarmEnd
  | { readonly kind: 'failed'; readonly why: string };
