import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { delay } from '../../ports/clock.ts';
import { Reopening } from './reopening.ts';

/** A device that one can have at a time, and whose opening takes `openMs`. */
function exclusive(openMs: number) {
  const clock = new SimClock();
  const said: string[] = [];
  const count = { opened: 0, held: 0 };
  const device = new Reopening({
    device: 'line',
    clock,
    logLine: (line) => said.push(line),
    open: async () => {
      if (count.held > 0) throw new Error('in use');
      await delay(clock, openMs);
      count.opened += 1;
      count.held += 1;
      return count.opened;
    },
    close: async () => {
      count.held -= 1;
    },
  });
  return { clock, said, count, device };
}

const outcome = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: Error) => error.message);

describe('a device that is opened when it is there', () => {
  it('is not opened again by its start when a call has opened it before', async () => {
    const { clock, said, count, device } = exclusive(5);
    const call = outcome(device.get());
    await clock.advance(10);
    expect(await call).toBe(1);
    await device.start();
    expect([count.opened, said]).toEqual([1, []]);
  });

  it('is adopted when it opens after its caller has left', async () => {
    const { clock, said, count, device } = exclusive(500);
    const call = outcome(device.get());
    await clock.advance(30);
    expect(await call).toContain('not open within 20 ms');
    const again = outcome(device.get());
    await clock.advance(30);
    expect(await again).toContain('not open within 20 ms');
    await clock.advance(500);
    expect(device.now).toBe(1);
    expect(await device.get()).toBe(1);
    expect([count.opened, said]).toEqual([1, []]);
  });

  it('is closed when it opens after it was closed, and whoever closes waits for that', async () => {
    const { clock, count, device } = exclusive(10);
    const call = outcome(device.get());
    const closing = device.close();
    await clock.advance(15);
    await closing;
    expect(await call).toContain('it was closed');
    expect(count).toEqual({ opened: 1, held: 0 });
    expect(await outcome(device.get())).toContain('it was closed');
    await device.start();
    expect(count.opened).toBe(1);
  });

  it('does not keep whoever closes for longer than a call', async () => {
    const { clock, count, device } = exclusive(300);
    void outcome(device.get());
    let closed = false;
    void device.close().then(() => {
      closed = true;
    });
    await clock.advance(25);
    expect(closed).toBe(true);
    await clock.advance(300);
    expect(count).toEqual({ opened: 1, held: 0 });
  });
});
