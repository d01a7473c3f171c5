import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../../sim/time/sim-clock.ts';
import { type TabChannel, Tabs } from './tabs.ts';

/** Tabs of one device: a word reaches every other tab. */
class Device {
  private readonly ears: ((event: { data: unknown }) => void)[] = [];

  channel(): TabChannel {
    let own: ((event: { data: unknown }) => void) | undefined;
    return {
      postMessage: (word) => {
        for (const ear of this.ears) if (ear !== own) ear({ data: structuredClone(word) });
      },
      addEventListener: (_kind, ear) => {
        own = ear;
        this.ears.push(ear);
      },
    };
  }
}

let clock: SimClock;
let device: Device;
let first: Tabs;
let second: Tabs;
beforeEach(() => {
  clock = new SimClock();
  device = new Device();
  first = new Tabs(device.channel(), clock, 'first');
  second = new Tabs(device.channel(), clock, 'second');
});

describe('tabs of one device', () => {
  it('know which of them is in class, with which robot', () => {
    let changes = 0;
    first.enter('desk-1');
    second.watch(() => {
      changes += 1;
    }, new AbortController().signal);
    expect(second.isElsewhere('desk-1')).toBe(true);
    expect(second.isElsewhere('desk-2')).toBe(false);
    expect(first.isElsewhere('desk-1')).toBe(false);
    const before = changes;
    first.leave();
    expect(changes).toBeGreaterThan(before);
    expect(second.isElsewhere('desk-1')).toBe(false);
  });

  it('tell the one that is left where the lesson went, and no other', async () => {
    first.enter('desk-1');
    expect(first.wasTaken('desk-1')).toBe(false);
    second.enter('desk-1');
    expect(first.wasTaken('desk-1')).toBe(true);
    expect(second.wasTaken('desk-1')).toBe(false);
    first.enter('desk-1');
    expect(first.wasTaken('desk-1')).toBe(false);
    await clock.advance(61_000);
    expect(second.wasTaken('desk-1')).toBe(false);
  });

  it('forget a tab that was killed without a word', async () => {
    const killed = device.channel();
    killed.postMessage({ kind: 'here', robot: 'desk-1', tab: 'killed' });
    second.watch(() => undefined, new AbortController().signal);
    expect(second.isElsewhere('desk-1')).toBe(true);
    await clock.advance(5_100);
    expect(second.isElsewhere('desk-1')).toBe(false);
  });

  it('ask again while somebody looks, and stop with the screen', async () => {
    const asked: unknown[] = [];
    const watching = new AbortController();
    const alone = new Tabs(
      { postMessage: (word) => asked.push(word), addEventListener: () => undefined },
      clock,
      'alone',
    );
    alone.watch(() => undefined, watching.signal);
    await clock.advance(4_100);
    expect(asked).toHaveLength(3);
    watching.abort();
    await clock.advance(10_000);
    expect(asked).toHaveLength(3);
  });

  it.each([null, 7, {}, { kind: 'here' }, { kind: 'here', tab: 'x' }, { kind: 'new', tab: 'x' }])(
    'let %j be',
    (word) => {
      let ear: ((event: { data: unknown }) => void) | undefined;
      const tabs = new Tabs(
        {
          postMessage: () => undefined,
          addEventListener: (_kind, given) => {
            ear = given;
          },
        },
        clock,
        'one',
      );
      ear?.({ data: word });
      expect(tabs.isElsewhere('desk-1')).toBe(false);
    },
  );
});
