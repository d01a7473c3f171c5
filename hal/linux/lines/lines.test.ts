import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { buttonContract, switchContract } from '../../contract/lines.ts';
import { FakeGpio } from '../../fake/gpio.ts';
import type { ButtonChange } from '../../ports/body.ts';
import type { HardwareFault } from '../../ports/fault.ts';
import { openButton } from './button.ts';
import { openSwitch } from './switch.ts';

const OFFSET = 17;

function bench() {
  const clock = new SimClock();
  const chip = new FakeGpio(clock);
  return {
    clock,
    chip,
    now: () => clock.now(),
    pass: (ms: number) => clock.advance(ms),
    reach: { lose: () => chip.lose(), restore: () => chip.restore() },
    close: () => chip.close(),
  };
}

for (const activeLow of [false, true]) {
  const polarity = activeLow ? 'active low' : 'active high';

  switchContract(`GPIO line in memory, ${polarity}`, async () => {
    const made = bench();
    const line = await openSwitch(made.chip, { offset: OFFSET, activeLow }, 'camera rail');
    return { ...made, line, level: () => made.chip.high(OFFSET) !== activeLow };
  });

  buttonContract(`GPIO line in memory, ${polarity}`, async () => {
    const made = bench();
    const line = { offset: OFFSET, activeLow };
    const button = await openButton(made.chip, line, 'teacher button', made.clock);
    const press = async (pressed: boolean): Promise<void> => made.chip.press(OFFSET, pressed);
    return { ...made, button, press };
  });
}

describe('switch on a GPIO line', () => {
  it.each([false, true])('opens at off without a glitch (active low: %s)', async (activeLow) => {
    const { chip } = bench();
    const line = await openSwitch(chip, { offset: OFFSET, activeLow }, 'camera rail');
    await line.set(true);
    await line.close();
    const off = activeLow;
    expect(chip.history(OFFSET)).toEqual([off, !off, off]);
  });

  it('says who holds the line, and which line does not exist', async () => {
    const { chip } = bench();
    chip.hold(OFFSET, 'gpio-leds');
    const rail = { offset: OFFSET, activeLow: false };
    await expect(openSwitch(chip, rail, 'camera rail')).rejects.toMatchObject({
      kind: 'busy',
      message: expect.stringMatching(/^camera rail line: line 17 .*gpio-leds/),
    });
    for (const offset of [-1, 32, 1.5, Number.NaN])
      await expect(openSwitch(chip, { ...rail, offset }, 'camera rail')).rejects.toMatchObject({
        kind: 'badData',
      });
  });

  it('closes while the chip is gone', async () => {
    const { chip } = bench();
    const line = await openSwitch(chip, { offset: OFFSET, activeLow: false }, 'camera rail');
    chip.lose();
    await line.close();
    await expect(line.set(true)).rejects.toMatchObject({ kind: 'noAnswer' });
  });
});

describe('button on a GPIO line', () => {
  const wired = { offset: OFFSET, activeLow: true };

  it('that is held while it is opened tells its release alone', async () => {
    const { chip, clock } = bench();
    chip.press(OFFSET, true);
    const button = await openButton(chip, wired, 'pair button', clock);
    const changes: ButtonChange[] = [];
    button.onChange((change) => changes.push(change));
    await clock.advance(1_000);
    expect(changes).toEqual([]);
    chip.press(OFFSET, false);
    await clock.advance(50);
    expect(changes.map((change) => change.pressed)).toEqual([false]);
  });

  it('finds out when the last edge of a burst was lost', async () => {
    const { chip, clock } = bench();
    const button = await openButton(chip, wired, 'pair button', clock);
    const changes: ButtonChange[] = [];
    button.onChange((change) => changes.push(change));
    chip.press(OFFSET, true);
    await clock.advance(2);
    chip.lose();
    chip.press(OFFSET, false);
    chip.restore();
    await clock.advance(100);
    expect(changes).toEqual([]);
  });

  it('says that its edges are not told any more, and tells presses all the same', async () => {
    const { chip, clock } = bench();
    const button = await openButton(chip, wired, 'teacher button', clock);
    const changes: boolean[] = [];
    button.onChange(({ pressed }) => changes.push(pressed));
    chip.deafen(OFFSET, 'its chip is gone');
    await expect(button.read()).rejects.toMatchObject({
      kind: 'noAnswer',
      message: expect.stringMatching(/^teacher button line: .*its chip is gone/),
    });
    chip.press(OFFSET, true);
    await button.read().catch(() => {});
    await clock.advance(50);
    expect(changes).toEqual([true]);
  });

  it('finds out that edges are not told, though nobody has said so', async () => {
    const { chip, clock } = bench();
    const button = await openButton(chip, wired, 'teacher button', clock);
    const look = async (): Promise<string> => {
      await clock.advance(250);
      return button.read().then(
        () => 'well',
        (error: HardwareFault) => error.kind,
      );
    };
    chip.deafen(OFFSET, '');
    const seen: string[] = [];
    for (const pressed of [true, false]) {
      chip.press(OFFSET, pressed);
      seen.push(await look(), await look());
    }
    expect(seen).toEqual(['well', 'well', 'well', 'noAnswer']);
  });

  it('takes one lost edge for no more than that', async () => {
    const { chip, clock } = bench();
    const button = await openButton(chip, wired, 'teacher button', clock);
    for (let i = 0; i < 5; i++) {
      chip.press(OFFSET, true);
      await clock.advance(60);
      chip.lose();
      chip.press(OFFSET, false);
      chip.restore();
      for (let look = 0; look < 4; look++) {
        await clock.advance(250);
        expect(await button.read()).toBe(false);
      }
    }
  });

  it('is not opened, and holds nothing, when its level cannot be read', async () => {
    const { chip, clock } = bench();
    chip.lose();
    await expect(openButton(chip, wired, 'pair button', clock)).rejects.toMatchObject({
      kind: 'noAnswer',
    });
    chip.restore();
    await (await openButton(chip, wired, 'pair button', clock)).close();
  });
});
