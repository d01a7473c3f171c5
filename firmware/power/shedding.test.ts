import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Asked,
  askedByBattery,
  askedByHeat,
  depthOf,
  GRACE,
  LADDER_START,
  type LadderState,
  SHEDDING,
  stepLadder,
} from './shedding.ts';

function walk(asked: readonly Asked[], from: LadderState = LADDER_START) {
  let state = from;
  const names: string[] = [];
  const effects: string[] = [];
  for (const { enter, stay } of asked) {
    const step = stepLadder(state, { type: 'reading', enter, stay });
    state = step.state;
    names.push(state.name);
    effects.push(...step.effects);
  }
  return { state, names, effects };
}

const discharging = (percent: number, volts?: number) =>
  askedByBattery(percent, volts, false, 'computer');
const hot = (computerC: number, servoC = 30) => askedByHeat(computerC, servoC, 'computer');
const settled = (asked: Asked, from?: LadderState) => walk([asked, asked, asked], from).state;

describe('the table', () => {
  it('is monotonic in every column', () => {
    for (const [i, step] of SHEDDING.entries()) {
      const next = SHEDDING[i + 1];
      if (!next) continue;
      expect(next.percent).toBeLessThan(step.percent);
      expect(next.cellVolts).toBeLessThan(step.cellVolts);
      expect(next.computerC).toBeGreaterThan(step.computerC);
      expect(next.servoC).toBeGreaterThanOrEqual(depthOf(next.name) > 4 ? 0 : 60);
      expect(next.readings).toBeGreaterThanOrEqual(step.readings);
    }
    expect(SHEDDING.map(({ name }) => name)).toEqual([
      'eyes',
      'lights',
      'quiet',
      'motion',
      'camera',
      'computer',
    ]);
  });
});

describe('entering and leaving steps', () => {
  it('goes down and up in the order of the table as the battery empties and fills', () => {
    const down = [];
    for (let percent = 30; percent >= 0; percent -= 0.2) down.push(discharging(percent));
    const fall = walk(down);
    expect([...new Set(fall.names)]).toEqual(['full', ...SHEDDING.map(({ name }) => name)]);
    expect(fall.effects).toEqual(['shutdown']);
    const up = [];
    for (let percent = 0; percent <= 30; percent += 0.2) up.push(discharging(percent));
    const rise = walk(up, fall.state);
    const order = SHEDDING.map(({ name }) => name).reverse();
    expect([...new Set(rise.names)]).toEqual([...order, 'full']);
  });

  it('does the same for heat of the computer, and for servos as far as the head', () => {
    const up = [];
    for (let celsius = 40; celsius <= 95; celsius += 0.5) up.push(hot(celsius));
    const rise = walk(up);
    expect([...new Set(rise.names)]).toEqual(['full', ...SHEDDING.map(({ name }) => name)]);
    expect(rise.effects).toEqual(['shutdown']);
    expect(settled(hot(30, 60)).name).toBe('quiet');
    expect(settled(hot(30, 200)).name).toBe('motion');
  });

  it('leaves a step only beyond the hysteresis', () => {
    for (const [i, step] of SHEDDING.entries()) {
      const at = settled(discharging(step.percent - 0.1));
      expect(at.depth).toBe(i + 1);
      expect(settled(discharging(step.percent + GRACE.percent - 0.1), at).depth).toBe(i + 1);
      expect(settled(discharging(step.percent + GRACE.percent), at).depth).toBeLessThan(i + 1);
      const warm = settled(hot(step.computerC));
      expect(warm.depth).toBe(i + 1);
      expect(settled(hot(step.computerC - 4.9), warm).depth).toBe(i + 1);
      expect(settled(hot(step.computerC - 5.1), warm).depth).toBeLessThan(i + 1);
    }
  });

  it('uses the voltage when the gauge reports a good charge', () => {
    expect(settled(discharging(90, 3.6)).name).toBe('full');
    expect(settled(discharging(90, 3.15)).name).toBe('motion');
    expect(settled(discharging(90, 2.9)).name).toBe('computer');
  });

  it('does not turn a camera or a computer off for a single reading, nor on mains', () => {
    const glitch = walk([discharging(2), discharging(90), discharging(2), discharging(2)]);
    expect(glitch.names).toEqual(['quiet', 'full', 'quiet', 'motion']);
    expect(settled(askedByBattery(1, 2.9, true, 'computer')).name).toBe('quiet');
  });

  it('goes no deeper than the board allows for battery and computer, without limit for servos', () => {
    expect(settled(askedByBattery(0, 2, false, 'quiet')).name).toBe('quiet');
    expect(settled(askedByBattery(0, 2, false, 'camera')).name).toBe('camera');
    expect(settled(askedByBattery(0, 2, true, 'motion')).name).toBe('quiet');
    expect(settled(askedByHeat(120, 30, 'quiet')).name).toBe('quiet');
    expect(settled(askedByHeat(120, 80, 'quiet')).name).toBe('motion');
  });

  it('never chatters: while a step is held its neighbours do not change, for any readings', () => {
    const reading = fc.record({
      percent: fc.double({ min: 0, max: 100, noNaN: true }),
      volts: fc.double({ min: 2.8, max: 4.2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
        let state = LADDER_START;
        for (const { percent, volts } of readings) {
          const asked = askedByBattery(percent, volts, false, 'computer');
          const step = stepLadder(state, { type: 'reading', ...asked });
          expect(step.state.depth).toBeLessThanOrEqual(Math.max(state.depth, asked.enter));
          expect(step.state.depth).toBeGreaterThanOrEqual(Math.min(state.depth, asked.stay));
          expect(step.effects.includes('shutdown')).toBe(
            step.state.name === 'computer' && state.name !== 'computer',
          );
          state = step.state;
        }
      }),
    );
  });
});
