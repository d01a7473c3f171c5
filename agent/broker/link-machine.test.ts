import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../sim/time/random.ts';
import {
  FLEET_WINDOW_MS,
  type Link,
  type LinkEvent,
  type Phase,
  type PhaseEvent,
  STABLE_MS,
  stepLink,
  stepPhase,
  unlinked,
} from './link-machine.ts';
import type { LinkTrouble } from './trouble.ts';

const LOST: LinkTrouble = { kind: 'lost', why: 'x' };
const TAKEN: LinkTrouble = { kind: 'session', why: 'x' };

const down = (
  trouble: LinkTrouble | undefined,
  more: { politely?: boolean; cutOff?: boolean; reached?: boolean } = {},
): LinkEvent => ({
  ...{ type: 'down', trouble, cutOff: more.politely ?? false },
  ...{ politely: false, reached: true, ...more },
});

interface Life {
  /** Undefined: the connection was never accepted. */
  readonly livedMs: number | undefined;
  readonly end: LinkEvent;
}

/** Connects as soon as allowed, for `ms`; returns the start of each attempt. */
function run(ms: number, chance: number, lives: (n: number) => Life) {
  let link: Link = unlinked;
  let now = 0;
  const tries: number[] = [];
  const step = (event: LinkEvent): number => {
    const stepped = stepLink(link, event, now, chance);
    link = stepped.link;
    return stepped.retryMs ?? 0;
  };
  while (now < ms) {
    tries.push(now);
    const { livedMs, end } = lives(tries.length - 1);
    if (livedMs !== undefined) {
      step({ type: 'up' });
      if (livedMs >= STABLE_MS) {
        now += STABLE_MS;
        step({ type: 'lasted' });
      }
      now += livedMs >= STABLE_MS ? livedMs - STABLE_MS : livedMs;
    }
    now += step(end);
  }
  return { link: () => link, tries, now };
}

describe('a broker that accepts and then disconnects', () => {
  it.each([0, 0.5, 1])('is tried a few times in 12 s, not 32 (chance %s)', (chance) => {
    for (const politely of [true, false]) {
      const end = down(politely ? undefined : LOST, { politely });
      const { tries } = run(12_000, chance, () => ({ livedMs: 5, end }));
      expect(tries.length).toBeLessThanOrEqual(8);
    }
  });

  it.each([0, 100, 5_000])('after %d ms each time: the pauses last for an hour', (livedMs) => {
    for (const politely of [true, false]) {
      const end = down(politely ? undefined : LOST, { politely });
      const { tries } = run(3_600_000, 0, () => ({ livedMs, end }));
      const late = tries.slice(8).map((ms, n) => ms - (tries[n + 7] ?? 0) - livedMs);
      // Even with the least jitter: an eighth of the longest pause.
      expect(Math.min(...late)).toBeGreaterThanOrEqual(politely ? 30_000 : 3_750);
    }
  });

  it('is reported as possibly another robot with the same id', () => {
    const end = down(undefined, { politely: true });
    const { link } = run(60_000, 0.5, () => ({ livedMs: 5, end }));
    expect(link().trouble).toMatchObject({ kind: 'session' });
    expect(link().trouble?.why).toMatch(/another robot/);
  });

  it('is not reported as another robot when connections break abruptly', () => {
    const { link } = run(60_000, 0.5, () => ({ livedMs: 5, end: down(LOST) }));
    expect(link().trouble).toEqual(LOST);
  });
});

describe('a client id used twice', () => {
  it('is contested slowly: each works for minutes', () => {
    const { tries } = run(3_600_000, 0.5, () => ({ livedMs: 20_000, end: down(TAKEN) }));
    expect(tries.length).toBeLessThan(3_600_000 / 120_000);
  });

  it('stays reported while it goes on, though each connection lasts', () => {
    let link = run(60_000, 0.5, () => ({ livedMs: 500, end: down(TAKEN) })).link();
    const at = 10 * 60_000;
    link = stepLink(link, { type: 'up' }, at, 0).link;
    link = stepLink(link, { type: 'lasted' }, at + STABLE_MS, 0).link;
    expect(link.trouble?.kind).toBe('session');
    link = stepLink(link, { type: 'lasted' }, at + 30 * 60_000, 0).link;
    expect(link.trouble).toBeUndefined();
    expect(link.attempt).toBe(0);
  });
});

it('reconnects quickly only after a connection that lasted', () => {
  const broken = down(LOST);
  const flapping = run(300_000, 1, () => ({ livedMs: STABLE_MS - 1, end: broken })).link();
  expect(flapping.attempt).toBeGreaterThan(2);
  const lasting = run(600_000, 1, () => ({ livedMs: STABLE_MS, end: broken }));
  expect(lasting.link().attempt).toBe(1);
});

it.each(['credentials', 'clientId'] as const)('%s refused: retried slowly', (kind) => {
  const { tries } = run(600_000, 0, () => ({
    livedMs: undefined,
    end: down({ kind, why: 'x' }),
  }));
  expect(tries.length).toBeLessThanOrEqual(20);
  expect((tries[1] ?? 0) - (tries[0] ?? 0)).toBeGreaterThanOrEqual(7_500);
});

describe('the version of MQTT', () => {
  it('falls back to the older one at once when the broker says so, and stays there', () => {
    const first = stepLink(unlinked, down({ kind: 'version', why: 'x' }), 0, 1);
    expect(first).toMatchObject({ retryMs: 0, link: { version: 4 } });
    // The usual fallback, and no trouble unless the other version is refused too.
    expect(first.link.trouble).toBeUndefined();
    expect(
      stepLink(first.link, down({ kind: 'version', why: 'x' }), 1, 1).link.trouble,
    ).toBeDefined();
    const up = stepLink(first.link, { type: 'up' }, 1, 1).link;
    expect(stepLink(up, down(LOST), 9, 1).link.version).toBe(4);
  });

  it('alternates without a CONNACK, never in a hot loop', () => {
    const versions: number[] = [];
    let link = unlinked;
    let slowest = 0;
    for (let n = 0; n < 6; n++) {
      versions.push(link.version);
      const stepped = stepLink(link, down({ kind: 'version', why: 'x' }), n, 0);
      link = stepped.link;
      slowest = stepped.retryMs ?? 0;
    }
    expect(versions).toEqual([5, 4, 5, 4, 5, 4]);
    expect(slowest).toBeGreaterThan(1_000);
  });

  it('does not change when nobody is reachable', () => {
    const end = down({ kind: 'unreachable', why: 'x' }, { reached: false });
    expect(stepLink(unlinked, end, 0, 0).link.version).toBe(5);
  });
});

it('is connected by phase: from the subscriptions to the end, closed or not', () => {
  const events: PhaseEvent[] = ['accepted', 'subscribed', 'ended', 'retry', 'close'];
  const isConnected = (phase: Phase): boolean => phase === 'connected' || phase === 'closing';
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events)), (history) => {
      let phase: Phase = 'connecting';
      let closed = false;
      for (const event of history) {
        const before: Phase = phase;
        phase = stepPhase(before, event);
        closed ||= event === 'close';
        expect(phase === 'closing' || phase === 'closed').toBe(closed);
        const change = Number(isConnected(phase)) - Number(isConnected(before));
        if (change > 0) expect([before, event]).toEqual(['subscribing', 'subscribed']);
        if (change < 0) expect(event).toBe('ended');
        if (event === 'ended' || event === 'accepted') expect(phase).not.toBe('connecting');
      }
    }),
  );
});

it('never waits less than an eighth of the nominal pause', () => {
  const kinds = ['lost', 'session', 'refused', 'tls', 'strange', 'unreachable'] as const;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...kinds), fc.boolean(), fc.nat(90_000)), {
        maxLength: 40,
      }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (events, chance) => {
        let link = unlinked;
        let now = 0;
        for (const [kind, politely, lived] of events) {
          link = stepLink(link, { type: 'up' }, now, chance).link;
          now += lived;
          const step = stepLink(link, down({ kind, why: kind }, { politely }), now, chance);
          expect(step.retryMs).toBeGreaterThanOrEqual(125);
          expect(step.retryMs).toBeLessThanOrEqual(300_000);
          link = step.link;
          expect(link.cutShort.length).toBeLessThanOrEqual(16);
        }
      },
    ),
  );
});

describe('a fleet whose broker restarts', () => {
  const ROBOTS = 10_000;
  const refused = down({ kind: 'unreachable', why: 'x' }, { reached: false });
  /** When each robot is back; all were cut off at 0 and at each of `cutsMs`. */
  function returns(seed: number, awayMs: number, cutsMs: readonly number[] = []): number[] {
    const random = new Random(seed);
    return Array.from({ length: ROBOTS }, () => {
      const since = { ...unlinked, upMs: -STABLE_MS };
      let { link, retryMs = 0 } = stepLink(since, down(undefined, CUT), 0, random.next());
      let at = retryMs;
      for (const end of [...cutsMs, Number.POSITIVE_INFINITY]) {
        for (; at < awayMs; at += retryMs)
          ({ link, retryMs = 0 } = stepLink(link, refused, at, random.next()));
        if (at >= end) continue;
        link = stepLink(link, { type: 'up' }, at, 0).link;
        if (end === Number.POSITIVE_INFINITY) break;
        ({ link, retryMs = 0 } = stepLink(link, down(undefined, CUT), end, random.next()));
        at = end + retryMs;
      }
      return at;
    }).sort((a, b) => a - b);
  }
  const CUT = { politely: true, cutOff: true };

  it.each([
    ['at once', 0, []],
    ['after 3 s', 3_000, []],
    ['after 20 s', 20_000, []],
    ['after ten minutes', 600_000, []],
    ['at once, and restarts again 10 s later', 0, [10_000]],
  ])('%s: all are back within 50 s, at an even rate', (_how, awayMs, cutsMs) => {
    const times = returns(7, awayMs, cutsMs);
    const first = Math.max(awayMs, ...cutsMs);
    const took = (times.at(-1) ?? 0) - first;
    expect(took).toBeLessThan(50_000);
    const seconds = new Map<number, number>();
    for (const at of times) {
      const second = Math.floor((at - first) / 1_000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    const busiest = Math.max(...[...seconds].filter(([s]) => s >= 0).map(([, n]) => n));
    expect(busiest / (ROBOTS / (took / 1_000))).toBeLessThan(1.5);
  });

  it('does not slow a robot whose own network failed, nor one after the window', () => {
    const up = { ...unlinked, upMs: 0 };
    const own = stepLink(up, down(LOST), STABLE_MS, 0.999);
    expect(own).toMatchObject({ link: { inFleetWindow: false } });
    expect(own.retryMs).toBeLessThan(1_000);
    const cut = stepLink(up, down(undefined, CUT), STABLE_MS, 0.5).link;
    const back = stepLink(cut, { type: 'up' }, STABLE_MS + FLEET_WINDOW_MS, 0).link;
    const lasted = stepLink(back, { type: 'lasted' }, 3 * STABLE_MS, 0).link;
    expect(lasted.inFleetWindow).toBe(false);
  });

  it('keeps the slow pace of a robot that the broker refuses', () => {
    const cut = stepLink({ ...unlinked, upMs: 0 }, down(undefined, CUT), STABLE_MS, 0).link;
    const credentials = down({ kind: 'credentials', why: 'x' });
    expect(stepLink(cut, credentials, STABLE_MS, 1).retryMs).toBeGreaterThan(60_000);
  });
});
