import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../time/sim-clock.ts';
import { Press, SHORTEST_MS } from './press-button.ts';

function setUp() {
  const clock = new SimClock();
  const start = clock.now();
  const told: [boolean, number][] = [];
  const press = new Press((pressed) => told.push([pressed, clock.now() - start]), clock);
  return { clock, press, told };
}

describe('Press', () => {
  it('is long enough to be felt, however short the tap', async () => {
    const { clock, press, told } = setUp();
    press.tap();
    await clock.advance(1_000);
    expect(told).toEqual([
      [true, 0],
      [false, SHORTEST_MS],
    ]);
  });

  it('lasts as long as the finger', async () => {
    const { clock, press, told } = setUp();
    press.down();
    press.down();
    await clock.advance(5_200);
    press.up();
    press.up();
    expect(told).toEqual([
      [true, 0],
      [false, 5_200],
    ]);
  });
});
