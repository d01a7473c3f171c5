import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { type DesiredState, HAND_SEEN_MS } from '../link/schema.ts';
import { awakeRig, HERE, type Rig } from '../testing/rig.ts';
import { Permission } from './permission.ts';
import { IN_A_ROW_MS, LONG_PRESS_MS } from './press.ts';

const TICK_MS = 10;

/** A permission over time, with presses and an arbitrary agent. */
class Desk {
  readonly permission = new Permission(silentLog, 0);
  readonly outcomes: string[] = [];
  /** The pause held at some moment since this was cleared. */
  wasPaused = false;
  handUp = false;
  private nowMs = 0;
  private hostile: ((nowMs: number) => boolean) | undefined;

  /** The agent raises and lowers the hand as `up` says, at each tick. */
  toggle(up: (nowMs: number) => boolean): void {
    this.hostile = up;
  }

  pass(ms: number): void {
    for (const end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs += TICK_MS;
      if (this.hostile) this.handUp = this.hostile(this.nowMs);
      const desired: DesiredState = { ...HERE, hand: this.handUp };
      this.permission.take(desired, this.nowMs);
      this.permission.tick(this.nowMs, 0);
      this.button('tick');
    }
  }

  press(forMs: number): void {
    this.button('pressed');
    this.pass(forMs);
    this.button('released');
  }

  button(type: 'pressed' | 'released' | 'tick'): void {
    const outcome = this.permission.button(type, this.nowMs);
    if (outcome) this.outcomes.push(outcome);
    this.wasPaused ||= this.permission.paused;
    if (this.permission.paused) expect(this.permission.camera).toBe(false);
  }
}

/** An agent that raises and lowers the hand in any pattern. */
const toggling = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 300 })), { minLength: 1, maxLength: 40 })
  .map((steps) => {
    const total = steps.reduce((sum, [, ticks]) => sum + ticks, 0);
    return (nowMs: number): boolean => {
      let left = Math.round(nowMs / TICK_MS) % total;
      for (const [up, ticks] of steps) {
        if (left < ticks) return up;
        left -= ticks;
      }
      return false;
    };
  });
const short = fc.integer({ min: 0, max: LONG_PRESS_MS / TICK_MS - 2 }).map((n) => n * TICK_MS);
const gap = fc.integer({ min: 0, max: 800 }).map((n) => n * TICK_MS);
const earlier = fc.array(fc.tuple(gap, short), { maxLength: 8 });

/** After any history. */
function deskAfter(up: (nowMs: number) => boolean, presses: [number, number][]): Desk {
  const desk = new Desk();
  desk.toggle(up);
  for (const [gapMs, forMs] of presses) {
    desk.pass(gapMs);
    desk.press(forMs);
  }
  return desk;
}

describe("the teacher's button, whatever a hand does meanwhile", () => {
  it('pauses by two presses in a row at most', () => {
    const within = fc.integer({ min: 0, max: 150 }).map((n) => n * TICK_MS);
    fc.assert(
      fc.property(
        toggling,
        earlier,
        gap,
        short,
        within,
        short,
        (up, story, wait, a, pauseMs, b) => {
          const desk = deskAfter(up, story);
          desk.pass(wait);
          desk.wasPaused = desk.permission.paused;
          desk.press(a);
          desk.pass(pauseMs);
          desk.press(b);
          expect(desk.wasPaused).toBe(true);
          const last = desk.outcomes.at(-1);
          // The camera stays on only if the teacher resumed.
          if (!desk.permission.paused) expect(last).toBe('resumed');
        },
      ),
      { numRuns: 120 },
    );
  });

  it('pauses by one long press, while the finger is still down, and its release does nothing', () => {
    const held = fc.integer({ min: LONG_PRESS_MS / TICK_MS, max: 800 }).map((n) => n * TICK_MS);
    fc.assert(
      fc.property(toggling, earlier, gap, held, (up, story, wait, forMs) => {
        const desk = deskAfter(up, story);
        desk.pass(wait);
        desk.button('pressed');
        desk.pass(LONG_PRESS_MS);
        expect(desk.permission.paused).toBe(true);
        desk.pass(forMs - LONG_PRESS_MS);
        desk.button('released');
        desk.pass(3_000);
        expect(desk.permission.paused).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('resumes by any press in a pause', () => {
    fc.assert(
      fc.property(toggling, earlier, gap, short, (up, story, wait, forMs) => {
        const desk = deskAfter(up, story);
        if (!desk.permission.paused) desk.press(LONG_PRESS_MS);
        desk.pass(wait);
        desk.press(forMs);
        expect(desk.permission.paused).toBe(false);
        expect(desk.outcomes.at(-1)).toBe('resumed');
      }),
      { numRuns: 60 },
    );
  });

  it('acknowledges a hand at a limited rate: not ten times for ten presses in a row', () => {
    const desk = new Desk();
    // Lowered when acknowledged, and raised again at once.
    desk.toggle(() => desk.permission.hand !== 'acknowledged');
    desk.pass(1_000);
    for (let i = 0; i < 10; i++) {
      desk.press(100);
      desk.pass(150);
    }
    expect(desk.outcomes.slice(0, 3)).toEqual(['acknowledged', 'paused', 'resumed']);
    expect(desk.outcomes.filter((outcome) => outcome === 'acknowledged')).toHaveLength(1);
  });
});

describe('a press', () => {
  const raised = (): Desk => {
    const desk = new Desk();
    desk.handUp = true;
    desk.pass(1_000);
    return desk;
  };

  it('that began before the hand went up pauses, and does not acknowledge it', () => {
    const desk = new Desk();
    desk.pass(500);
    desk.button('pressed');
    desk.handUp = true;
    desk.pass(500);
    desk.button('released');
    expect(desk.outcomes).toEqual(['paused']);
    expect(desk.permission.hand).toBe('up');
  });

  it('that is long acknowledges the hand, and then pauses', () => {
    const desk = raised();
    desk.press(LONG_PRESS_MS + 500);
    expect(desk.outcomes).toEqual(['acknowledged', 'paused']);
  });

  it('of a second is long also when no tick ran meanwhile', () => {
    const { permission } = raised();
    permission.button('pressed', 2_000);
    expect(permission.button('released', 3_500)).toBe('paused');
  });

  it('is as long as its edges say, however late it is handled', () => {
    const answered = raised();
    // Both edges waited for a blocked process: a press of 1.2 s, handled within 20 ms.
    expect(answered.permission.button('pressed', 9_000, 7_000)).toBe('acknowledged');
    expect(answered.permission.button('released', 9_020, 8_200)).toBe('paused');
    const { permission } = answered;
    permission.button('pressed', 12_000, 10_000);
    expect(permission.button('released', 12_020, 11_500)).toBeUndefined();
    expect(permission.paused).toBe(true);
    permission.button('pressed', 14_000, 13_000);
    expect(permission.button('released', 14_020, 13_120)).toBe('resumed');
  });

  it('whose edge was missed counts when polling finds the button down, and its release does not resume', () => {
    const { permission } = raised();
    expect(permission.buttonAsked(true, false, 2_000)).toBeUndefined();
    expect(permission.buttonAsked(true, false, 2_250)).toBe('paused');
    permission.button('released', 2_300);
    expect(permission.paused).toBe(true);
    // Delivered meanwhile, or up in between: nothing was missed.
    permission.buttonAsked(true, false, 3_000);
    permission.button('pressed', 3_020);
    permission.buttonAsked(true, false, 3_250);
    expect(permission.button('released', 3_300)).toBe('resumed');
    permission.buttonAsked(true, false, 4_000);
    permission.buttonAsked(false, false, 4_250);
    expect(permission.buttonAsked(true, false, 4_500)).toBeUndefined();
  });

  it('whose release was lost never resumes the camera', () => {
    const desk = new Desk();
    desk.pass(500);
    desk.button('pressed');
    desk.pass(300);
    desk.button('pressed');
    desk.button('released');
    expect([desk.outcomes, desk.permission.paused]).toEqual([['paused'], true]);
    desk.press(100);
    expect(desk.permission.paused).toBe(false);
  });

  it('of which only the release is seen does nothing: it was held while firmware started', () => {
    const desk = raised();
    desk.button('released');
    expect(desk.outcomes).toEqual([]);
    desk.press(100);
    expect(desk.outcomes).toEqual(['acknowledged']);
  });

  it('right after a resume pauses again, even if a hand was raised', () => {
    const desk = raised();
    desk.press(LONG_PRESS_MS);
    desk.pass(HAND_SEEN_MS);
    desk.press(100);
    desk.pass(IN_A_ROW_MS - 200);
    desk.press(100);
    expect(desk.outcomes).toEqual(['acknowledged', 'paused', 'resumed', 'paused']);
  });
});

describe('the hand light', () => {
  const answered = async (): Promise<Rig> => {
    const robot = await awakeRig();
    robot.setDesired({ hand: true });
    await robot.clock.advance(1_000);
    robot.body.teacherButton.press();
    return robot;
  };
  const seen = async (): Promise<Rig> => {
    const robot = await answered();
    // As the agent does after the acknowledgement.
    robot.setDesired({ hand: false });
    return robot;
  };

  it('shows the acknowledgement for some seconds, is dark then, and ready for another', async () => {
    const robot = await seen();
    await robot.clock.advance(HAND_SEEN_MS - 500);
    expect(robot.body.levels.hand).toBe(0.5);
    await robot.clock.advance(1_000);
    expect(robot.body.levels.hand).toBe(0);
    robot.setDesired({ hand: true });
    await robot.clock.advance(600);
    expect(robot.body.levels.hand).toBeGreaterThan(0.5);
    robot.body.teacherButton.press();
    await robot.clock.advance(100);
    expect(robot.events).toEqual(['handAcknowledged', 'handAcknowledged']);
  });

  it('shows a hand that was raised again meanwhile right afterwards', async () => {
    const robot = await seen();
    await robot.clock.advance(1_000);
    robot.setDesired({ hand: true });
    await robot.clock.advance(HAND_SEEN_MS - 1_500);
    expect(robot.body.levels.hand).toBe(0.5);
    const levels = new Set<number>();
    for (let i = 0; i < 25; i++) {
      await robot.clock.advance(80);
      levels.add(robot.body.levels.hand);
    }
    expect(Math.max(...levels)).toBeGreaterThan(0.9);
  });

  it('does not show a hand twice that the agent never lowered', async () => {
    const robot = await answered();
    await robot.clock.advance(HAND_SEEN_MS + 3_000);
    expect(robot.body.levels.hand).toBe(0);
  });

  it('shows it again for a new agent, which may not know of the acknowledgement', async () => {
    const robot = await answered();
    robot.connect({ ...HERE, hand: true });
    await robot.clock.advance(1_100);
    expect(robot.body.levels.hand).toBeGreaterThan(0.2);
    robot.body.teacherButton.press();
    await robot.clock.advance(100);
    expect(robot.last.paused).toBe(true);
  });

  it('is raised once a second at most, whatever the agent does', async () => {
    const robot = await awakeRig();
    let rises = 0;
    let before = 'down';
    for (let i = 0; i < 500; i++) {
      robot.setDesired({ hand: i % 2 === 0 });
      await robot.clock.advance(20);
      const is = robot.body.levels.hand > 0 ? 'up' : 'down';
      if (is === 'up' && before === 'down') rises += 1;
      before = is;
    }
    expect(rises).toBeLessThanOrEqual(11);
  });
});
