import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { stampOf } from './moment.ts';
import { FakeKeeper } from './testing/fake-time.ts';
import { TimeService } from './time-service.ts';
import { TIME_FILE } from './time-store.ts';
import { HOLD_MS, LENT_MS } from './trust.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;
const builtMs = Date.UTC(2025, 10, 1);

let clock: SimClock;
let storage: MemoryStorage;
let keeper: FakeKeeper;
let time: TimeService;

beforeEach(async () => {
  clock = new SimClock();
  storage = new MemoryStorage();
  await boot(undefined);
});

afterEach(() => time.stop());

/** Boots the machine; only the disk remains from before. */
async function boot(synchronised: boolean | undefined, name = 'boot-1'): Promise<void> {
  time?.stop();
  keeper = new FakeKeeper(synchronised, name);
  time = await TimeService.open({ clock, keeper, storage, log: silentLog, builtMs });
  time.start();
  await clock.advance(1);
}

const known = () => {
  const { trust, source } = time.now();
  return `${trust} by ${source}`;
};
/** Sets the real time, which the robot's clocks need not show. */
const setWall = (wallMs: number): void => clock.jumpWall(wallMs - clock.wall());

describe('the machine’s synchronisation', () => {
  it('is trusted when reported as synchronised', async () => {
    await boot(true);
    expect(known()).toBe('sure by ntp');
    expect(time.now()).toMatchObject({ wallMs: clock.wall(), monotonicMs: clock.now() });
  });

  it.each([[false], [undefined]])('does not count as synchronised: %s', async (word) => {
    await boot(word);
    expect(known()).toBe('none by system');
  });

  it('comes late: the clock jumps from 1970 to now, and is sure from then on', async () => {
    setWall(0);
    await boot(false);
    const before = time.now();
    expect(before.wallMs, 'not before this was built').toBe(builtMs);
    await clock.advance(40_000);
    setWall(Date.UTC(2026, 8, 1, 7));
    keeper.synchronised = true;
    await clock.advance(10_000);
    expect(known()).toBe('sure by ntp');
    const { wallMs } = time.correct(before.wallMs, stampOf(before));
    expect(wallMs, 'a guess of before is set right').toBe(Date.UTC(2026, 8, 1, 7) - 40_000);
  });

  it.each([
    ['before this was built', builtMs - DAY_MS],
    ['1970', 0],
    ['80 years on', builtMs + 80 * YEAR_MS],
  ])('does not make an impossible time a sure one: %s', async (_when, wallMs) => {
    setWall(wallMs);
    await boot(true);
    expect(known()).toBe('none by system');
  });

  it('lasts for a week without a time server, and no longer', async () => {
    await boot(true);
    keeper.synchronised = false;
    await clock.advance(HOLD_MS - HOUR_MS);
    expect(known()).toBe('sure by ntp');
    await clock.advance(2 * HOUR_MS);
    expect(known()).toBe('none by system');
  });
});

describe('a clock that jumps', () => {
  it.each([
    ['back by a day', -DAY_MS],
    ['on by an hour', HOUR_MS],
    ['by six seconds', 6_000],
  ])('%s is not believed until somebody confirms it', async (_how, ms) => {
    await boot(true);
    keeper.synchronised = false;
    await clock.advance(30_000);
    clock.jumpWall(ms);
    expect(known(), 'seen at once, at the next question').toBe('none by system');
    await clock.advance(MINUTE_MS);
    expect(known()).toBe('none by system');
    clock.jumpWall(-ms);
    keeper.synchronised = true;
    await clock.advance(20_000);
    expect(known()).toBe('sure by ntp');
  });

  it('is not the same as slewing by a time service', async () => {
    await boot(true);
    for (let second = 0; second < 120; second++) {
      await clock.advance(1_000);
      clock.jumpWall(80);
    }
    expect(known()).toBe('sure by ntp');
  });

  it('voids the offsets: after a sleep of unknown length', async () => {
    time.hint('a', clock.wall() + DAY_MS);
    expect(known()).toBe('lent by pupil');
    clock.jumpWall(3 * HOUR_MS);
    expect(known()).toBe('none by system');
  });
});

describe('time from devices, without a time server', () => {
  const now = Date.UTC(2026, 8, 1, 7);
  const said = () => now + clock.now();
  beforeEach(async () => {
    setWall(0);
    await boot(false);
  });

  it('is lent with one device, agreed with two, and expires', async () => {
    time.hint('a', said());
    expect(known()).toBe('lent by pupil');
    expect(time.now().wallMs).toBe(said());
    time.hint('a', said());
    expect(known(), 'one device has one word').toBe('lent by pupil');
    await clock.advance(HOUR_MS);
    time.hint('b', said() + 90_000);
    expect(known()).toBe('agreed by pupils');
    await clock.advance(LENT_MS + HOUR_MS);
    expect(known()).toBe('none by system');
  });

  it('two contradicting devices are ignored, two against one win', () => {
    time.hint('a', said());
    time.hint('liar', said() + 5 * YEAR_MS);
    expect(known()).toBe('none by system');
    time.hint('b', said());
    expect(known()).toBe('agreed by pupils');
    expect(time.now().wallMs).toBe(said());
  });

  it('agrees with a machine whose own clock kept time', () => {
    setWall(said() - 30_000);
    time.hint('a', said());
    expect(known()).toBe('agreed by pupil');
    expect(time.now().wallMs).toBe(clock.wall());
  });

  it.each([
    ['before the floor', builtMs - DAY_MS],
    ['1970', 0],
    ['beyond any use', builtMs + 30 * YEAR_MS],
    ['no number', Number.NaN],
  ])('is not taken from a device that says: %s', (_what, wallMs) => {
    time.hint('a', wallMs);
    expect(known()).toBe('none by system');
  });

  it('never overrides a synchronised machine', async () => {
    setWall(now);
    keeper.synchronised = true;
    await clock.advance(20_000);
    for (const device of ['a', 'b', 'c']) time.hint(device, clock.wall() + DAY_MS);
    expect(known()).toBe('sure by ntp');
    expect(time.now().wallMs).toBe(clock.wall());
  });

  it('does not raise the floor', async () => {
    for (const device of ['a', 'b']) time.hint(device, builtMs + 10 * YEAR_MS);
    expect(known()).toBe('agreed by pupils');
    await time.settled();
    setWall(now);
    await boot(true, 'boot-2');
    expect(known()).toBe('sure by ntp');
  });

  describe('is never set back by agreement', () => {
    const back = (): void => {
      for (const device of ['a', 'b', 'c']) time.hint(device, said() - 30 * DAY_MS);
    };
    beforeEach(() => {
      for (const device of ['a', 'b']) time.hint(device, said());
    });

    it('by the same devices, or others, days later or after a restart of the process', async () => {
      back();
      expect(known()).toBe('lent by pupil');
      await clock.advance(LENT_MS + HOUR_MS);
      await time.settled();
      await boot(false);
      back();
      expect(known()).toBe('lent by pupil');
      for (const device of ['a', 'b']) time.hint(device, said() - MINUTE_MS);
      expect(known(), 'a little earlier is as good').toBe('agreed by pupils');
    });

    it('with a machine whose own clock agrees', () => {
      clock.jumpWall(said() - 30 * DAY_MS - clock.wall());
      time.hint('a', said() - 30 * DAY_MS);
      expect(known()).toBe('lent by pupil');
    });

    it('after a week without the time server that had set it', async () => {
      setWall(said());
      keeper.synchronised = true;
      await clock.advance(20_000);
      keeper.synchronised = false;
      await clock.advance(HOLD_MS + HOUR_MS);
      for (const device of ['a', 'b']) time.hint(device, said() - 6 * DAY_MS);
      expect(known()).toBe('lent by pupil');
    });

    it('but a time server or the fleet may set it back', () => {
      time.signed(said() - 30 * DAY_MS);
      expect(known()).toBe('sure by fleet');
    });
  });

  it('is the fleet’s in preference to that of devices', () => {
    time.hint('a', said() + HOUR_MS);
    time.hint('b', said() + HOUR_MS);
    time.signed(said());
    expect(known()).toBe('sure by fleet');
    expect(time.now().wallMs).toBe(said());
  });
});

describe('what is on disk', () => {
  it('a sure time is the floor of the next boot', async () => {
    await boot(true);
    const then = clock.wall();
    await time.settled();
    setWall(then - DAY_MS);
    await boot(true, 'boot-2');
    expect(known(), 'synchronised to what is past').toBe('none by system');
    expect(time.now().wallMs).toBeCloseTo(then, -1);
  });

  it('a restart of the process in the same boot does not lose what was sure', async () => {
    await boot(true);
    await time.settled();
    await clock.advance(HOUR_MS);
    await boot(false);
    expect(known()).toBe('sure by ntp');
    clock.jumpWall(HOUR_MS);
    await boot(false);
    expect(known(), 'unless the clock was set meanwhile').toBe('none by system');
  });

  it('records of an earlier boot are corrected by what was last known of it', async () => {
    setWall(builtMs + DAY_MS);
    await boot(false);
    const early = time.now();
    await clock.advance(MINUTE_MS);
    setWall(Date.UTC(2026, 8, 1, 7));
    keeper.synchronised = true;
    await clock.advance(20_000);
    await time.settled();
    setWall(0);
    await boot(false, 'boot-2');
    const right = time.correct(early.wallMs, stampOf(early));
    expect(right.wallMs).toBeCloseTo(Date.UTC(2026, 8, 1, 7) - MINUTE_MS, -1);
    expect(right.stamp).toMatchObject({ trust: 'sure', source: 'ntp', boot: 'boot-1' });
    const other = { ...stampOf(early), boot: 'boot-0' };
    expect(time.correct(5, other), 'nothing is known of that boot').toEqual({
      ...{ wallMs: 5, stamp: other },
    });
  });

  it.each(['', '{', '[]', '{"knownMs":"x"}', '{"knownMs":-1,"boots":[]}'])(
    'starts with a file of %j, without trust',
    async (text) => {
      await storage.write(TIME_FILE, text);
      await boot(true);
      expect(known()).toBe('sure by ntp');
    },
  );

  it('fields of a newer version are kept', async () => {
    const boots = [{ boot: 'b', offsetMs: 1, atMs: 2, trust: 'sure', source: 'ntp', more: [1] }];
    await storage.write(TIME_FILE, JSON.stringify({ knownMs: 1, boots, leapSeconds: 27 }));
    await boot(true);
    await time.settled();
    const kept = JSON.parse((await storage.read(TIME_FILE)) ?? '');
    expect(kept).toMatchObject({ leapSeconds: 27, boots: [{ boot: 'b', more: [1] }, {}] });
  });

  it('a failing disk does not affect the time', async () => {
    const broken = { ...storage, read: storage.read.bind(storage) } as unknown as MemoryStorage;
    broken.write = () => Promise.reject(new Error('ENOSPC'));
    time.stop();
    time = await TimeService.open({ clock, keeper, storage: broken, log: silentLog, builtMs });
    keeper.synchronised = true;
    time.start();
    await clock.advance(MINUTE_MS);
    expect(known()).toBe('sure by ntp');
  });

  it('is written once an hour, not at each check', async () => {
    await boot(true);
    let writes = 0;
    const { write } = storage;
    storage.write = (name, text) => {
      if (name === TIME_FILE) writes += 1;
      return write.call(storage, name, text);
    };
    await clock.advance(5 * HOUR_MS);
    expect(writes).toBe(5);
  });
});

it('reports each change once', async () => {
  const told: string[] = [];
  time.onChange(({ trust, source }) => told.push(`${trust} by ${source}`));
  keeper.synchronised = true;
  await clock.advance(MINUTE_MS);
  clock.jumpWall(DAY_MS);
  keeper.synchronised = false;
  await clock.advance(MINUTE_MS);
  expect(told).toEqual(['sure by ntp', 'none by system']);
});
