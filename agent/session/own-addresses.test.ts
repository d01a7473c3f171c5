import { expect, test } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { OwnAddresses } from './own-addresses.ts';

test('reports each change once, whatever the order of addresses, and not while there are none', async () => {
  const clock = new SimClock();
  let now = ['10.0.0.7', 'fd00::7'];
  let changes = 0;
  const own = new OwnAddresses(
    clock,
    () => now,
    () => {
      changes += 1;
    },
  );
  await clock.advance(5_000);
  now = ['fd00::7', '10.0.0.7'];
  await clock.advance(5_000);
  expect(changes).toBe(0);
  now = [];
  await clock.advance(5_000);
  expect(changes, 'away').toBe(0);
  now = ['100.64.1.2'];
  await clock.advance(1_000);
  expect(changes, 'on 4G').toBe(1);
  now = ['100.64.1.2', '10.0.0.7'];
  await clock.advance(5_000);
  expect(changes, 'and Wi-Fi back').toBe(2);
  own.close();
  now = [];
  await clock.advance(5_000);
  now = ['10.0.0.9'];
  await clock.advance(5_000);
  expect(changes).toBe(2);
});
