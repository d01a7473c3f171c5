import { expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { DeviceReconciler } from './device-reconciler.ts';

/** A device whose calls end when the test says so. */
function setUp(within: () => void = () => {}) {
  const clock = new SimClock();
  const calls: string[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const call = (name: string): Promise<void> => {
    calls.push(name);
    within();
    return new Promise((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve()));
    });
  };
  const device = { start: (size: string) => call(size), stop: () => call('stop') };
  const reconciler = new DeviceReconciler('camera', device, clock, silentLog);
  const end = async (error?: Error): Promise<void> => {
    ends.shift()?.(error);
    await clock.advance(0);
  };
  return { clock, calls, reconciler, end };
}

const busy = new Error('device busy');

it('has one call under way, and after it the newest wish', async () => {
  const { calls, reconciler, end } = setUp(() => reconciler.setDesired('small'));
  reconciler.setDesired('small');
  reconciler.setDesired('medium');
  reconciler.setDesired('large');
  expect(calls).toEqual(['small']);
  await end();
  expect(calls).toEqual(['small', 'large']);
});

it('asks for nothing twice', async () => {
  const { calls, reconciler, end } = setUp();
  reconciler.setDesired(undefined);
  reconciler.setDesired('small');
  await end();
  reconciler.setDesired('small');
  expect(calls).toEqual(['small']);
});

it('pauses after a refusal, and then asks for what is wanted by then', async () => {
  const { calls, clock, reconciler, end } = setUp();
  reconciler.setDesired('small');
  await end(busy);
  reconciler.setDesired('large');
  await clock.advance(999);
  expect(calls).toEqual(['small']);
  await clock.advance(1);
  expect(calls).toEqual(['small', 'large']);
});

it('closes when the device has stopped or would not, and at once while there is nothing to do', async () => {
  for (const error of [undefined, busy]) {
    const { calls, reconciler, end } = setUp();
    reconciler.setDesired('small');
    let closed = false;
    void reconciler.close().then(() => {
      closed = true;
    });
    await end();
    expect({ calls, closed }).toEqual({ calls: ['small', 'stop'], closed: false });
    await end(error);
    expect(closed).toBe(true);
  }
  await setUp().reconciler.close();
});
