/**
 * When to retry the broker, and what to report about it, as a value: `(link, event) -> { link,
 * effect }`. No timers, no I/O.
 *
 * An accepted connection proves nothing: a failing broker, or another robot with the same id,
 * accepts and then disconnects at once. Pauses become short again only after a connection that
 * lasted.
 */
import type { LinkTrouble } from './trouble.ts';

/**
 * A broker that ends lasting connections ends those of the whole fleet, at one moment. Each robot
 * then takes one place in this window, and keeps it: attempts that fail are repeated one window
 * later, so that whenever the broker is back, all return within one window at an even rate. With
 * 10,000 robots that is 222 a second, which one computer can answer with TLS.
 */
export const FLEET_WINDOW_MS = 45_000;
/** A connection counts as stable after this. */
export const STABLE_MS = 60_000;
/** Repeated connections ended by the other side within this are suspicious. */
const SHORT_MS = 5 * 60_000;
const WINDOW_MS = 15 * 60_000;
const SUSPICIOUS = 3;

/** 5 where supported: the broker then limits message size, and disconnects with a reason. */
export type MqttVersion = 4 | 5;

export interface Link {
  /** Attempts since the last stable connection. */
  readonly attempt: number;
  readonly version: MqttVersion;
  /** Monotonic; when the present connection was accepted. */
  readonly upMs: number | undefined;
  /** Monotonic; when the other side ended short connections, oldest first. */
  readonly cutShort: readonly number[];
  readonly trouble: LinkTrouble | undefined;
  /** The broker ended a lasting connection, and none has lasted since. */
  readonly inFleetWindow: boolean;
}

export const unlinked: Link = {
  attempt: 0,
  version: 5,
  upMs: undefined,
  cutShort: [],
  trouble: undefined,
  inFleetWindow: false,
};

export type LinkEvent =
  /** The broker has accepted the connection. */
  | { readonly type: 'up' }
  /** The connection has been up for STABLE_MS. */
  | { readonly type: 'lasted' }
  /** A required subscription is refused (undefined: it is accepted again). */
  | { readonly type: 'deaf'; readonly trouble: LinkTrouble | undefined }
  /**
   * `politely`: the other side ended the stream in order. `cutOff`: it ended it in whatever way, and
   * not this robot's network. `reached`: the stream was connected.
   */
  | {
      readonly type: 'down';
      readonly trouble: LinkTrouble | undefined;
      readonly politely: boolean;
      readonly cutOff: boolean;
      readonly reached: boolean;
    };

interface LinkStep {
  readonly link: Link;
  /** Retry after this, milliseconds. */
  readonly retryMs?: number;
}

/** The owner reports `connected` only: by then answers can be received. */
const PHASES = {
  connecting: { accepted: 'subscribing', ended: 'pausing', close: 'closed' },
  /** Accepted; the broker has not acknowledged the subscriptions yet. */
  subscribing: { subscribed: 'connected', ended: 'pausing', close: 'closed' },
  connected: { ended: 'pausing', close: 'closing' },
  /** Until the next attempt. */
  pausing: { retry: 'connecting', close: 'closed' },
  /** Closed while connected: the disconnection is still to be reported. */
  closing: { ended: 'closed' },
  closed: {},
} as const satisfies Readonly<Record<string, { readonly [E in PhaseEvent]?: string }>>;

/** Of the one connection, or of the pause between two. */
export type Phase = keyof typeof PHASES;
export type PhaseEvent = 'accepted' | 'subscribed' | 'ended' | 'retry' | 'close';

/** Events that a phase does not handle leave it unchanged. */
export function stepPhase(phase: Phase, event: PhaseEvent): Phase {
  const next: { readonly [E in PhaseEvent]?: Phase } = PHASES[phase];
  return next[event] ?? phase;
}

/** `chance`: 0 <= x < 1. */
export function stepLink(link: Link, event: LinkEvent, nowMs: number, chance: number): LinkStep {
  switch (event.type) {
    case 'up': {
      // Connecting resolves earlier troubles, but not a contested client id or a refused
      // subscription, which needs an answer.
      const persists = link.trouble?.kind === 'session' || link.trouble?.kind === 'subscription';
      const trouble = persists ? link.trouble : undefined;
      return { link: { ...link, upMs: nowMs, trouble } };
    }
    case 'lasted': {
      const cutShort = recent(link.cutShort, nowMs);
      const contested = cutShort.length > 0 && link.trouble?.kind === 'session';
      if (contested) return { link: { ...link, cutShort } };
      const trouble = link.trouble?.kind === 'subscription' ? link.trouble : undefined;
      return { link: { ...link, attempt: 0, cutShort, trouble, inFleetWindow: false } };
    }
    case 'deaf':
      return { link: { ...link, trouble: event.trouble } };
    case 'down':
      return down(link, event, nowMs, chance);
  }
}

function down(
  link: Link,
  { trouble: reported, politely, cutOff, reached }: Extract<LinkEvent, { type: 'down' }>,
  nowMs: number,
  chance: number,
): LinkStep {
  const { upMs, version } = link;
  const lived = upMs === undefined ? 0 : nowMs - upMs;
  const takenOver = reported?.kind === 'session';
  const cut = upMs !== undefined && lived < SHORT_MS && (politely || takenOver);
  const cutShort = recent(cut ? [...link.cutShort, nowMs] : link.cutShort, nowMs);
  const suspicious = cutShort.length >= SUSPICIOUS;
  const trouble = !takenOver && cut && suspicious ? contested(cutShort.length) : reported;
  const attempt = lived >= STABLE_MS && trouble?.kind !== 'session' ? 0 : link.attempt;
  // A missing CONNACK may mean that the broker speaks the other version.
  const switchVersion = upMs === undefined && reached && mayBeVersion(reported);
  // An older broker refuses version 5 at once, once after each start: no trouble yet.
  const expectedFallback = reported?.kind === 'version' && attempt === 0;
  const ended = { kind: 'lost', why: 'the broker ended the connection' } as const;
  const lostWithAll = lived >= STABLE_MS && cutOff;
  const next: Link = {
    attempt: attempt + 1,
    version: switchVersion ? other(version) : version,
    upMs: undefined,
    cutShort,
    trouble: expectedFallback ? link.trouble : (trouble ?? link.trouble ?? ended),
    inFleetWindow: link.inFleetWindow || lostWithAll,
  };
  if (expectedFallback) return { link: next, retryMs: 0 };
  const pace = paceOf(next.trouble);
  if (!next.inFleetWindow || pace !== USUAL)
    return { link: next, retryMs: retryAfterMs(attempt, chance, pace) };
  // Accepted and ended again: so were others at this moment, and each needs a new place.
  return { link: next, retryMs: upMs === undefined ? FLEET_WINDOW_MS : placeInWindow(chance) };
}

/** Not at once either: the broker that ended the connection is still ending others. */
function placeInWindow(chance: number): number {
  const soonestMs = USUAL.firstMs * FIXED_SHARE;
  return soonestMs + (FLEET_WINDOW_MS - soonestMs) * chance;
}

function contested(times: number): LinkTrouble {
  const why = `the broker accepted this robot and ended the connection ${times} times in a row: does another robot use the same id?`;
  return { kind: 'session', why };
}

const recent = (times: readonly number[], nowMs: number): readonly number[] =>
  times.filter((ms) => nowMs - ms <= WINDOW_MS).slice(-16);

const other = (version: MqttVersion): MqttVersion => (version === 5 ? 4 : 5);

function mayBeVersion(trouble: LinkTrouble | undefined): boolean {
  if (trouble?.speaks5) return false;
  return (
    trouble === undefined ||
    ['version', 'lost', 'silent', 'refused', 'strange'].includes(trouble.kind)
  );
}

function paceOf(trouble: LinkTrouble | undefined): Pace {
  switch (trouble?.kind) {
    case 'credentials':
    case 'clientId':
      return REFUSED;
    case 'session':
      return CONTESTED;
    default:
      return USUAL;
  }
}

/** Pauses between attempts, milliseconds: before the first retry, and the longest. */
interface Pace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** The broker is unreachable, or disconnected. */
const USUAL: Pace = { firstMs: 1_000, longestMs: 30_000 };
/** Two clients replace each other: longer pauses let each of them work meanwhile. */
const CONTESTED: Pace = { firstMs: 8_000, longestMs: 300_000 };
/** A quick retry cannot help: wrong password, refused client id. */
export const REFUSED: Pace = { firstMs: 60_000, longestMs: 300_000 };

/** The fixed share of each pause, whatever the jitter, which prevents a hot loop. */
const FIXED_SHARE = 1 / 8;

/**
 * The pause before the next attempt: doubles with each `attempt` (from 0) up to the longest. All
 * but an eighth of it is jitter (`chance` is 0..1), so that a fleet that lost its broker at once
 * reconnects spread over the whole pause.
 */
export function retryAfterMs(attempt: number, chance: number, pace: Pace = USUAL): number {
  const longest = Math.min(pace.longestMs, pace.firstMs * 2 ** Math.min(attempt, 16));
  return longest * (FIXED_SHARE + (1 - FIXED_SHARE) * chance);
}
