import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BodyMessage,
  DESIRED_STATE_PERIOD_MS,
  NOTHING_DESIRED,
} from '../../firmware/link/schema.ts';
import { jsonOf } from '../../hal/common/json.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { RefusalCounters, RefusalLog } from '../model/refusal-counters.ts';
import { FakeFirmware } from '../testing/fake-firmware.ts';
import { BODY_LOST_MS, BodyLink } from './body-link.ts';

async function linked(own?: Clock, sim = new SimClock()) {
  const clock = own ?? sim;
  const firmware = new FakeFirmware(clock);
  const refusals = new RefusalCounters();
  const book = new RefusalLog(refusals, silentLog);
  const link = new BodyLink({ clock, log: silentLog, refusals: book, connect: firmware.connect });
  const seen: string[] = [];
  let bodies = 0;
  link.start({
    onBody: () => {
      bodies += 1;
    },
    onEvent: ({ event }) => seen.push(event),
    onPresent: (present) => seen.push(present ? 'here' : 'lost'),
  });
  await sim.advance(100);
  return { clock: sim, firmware, refusals, link, seen, bodies: () => bodies };
}

describe('link to the body', () => {
  it('sends the desired state at each change and every 50 ms', async () => {
    const { clock, firmware, link } = await linked();
    firmware.intents.length = 0;
    link.setDesired({ ...NOTHING_DESIRED, camera: true, presence: 'here' });
    await clock.advance(1);
    expect(firmware.desired?.camera).toBe(true);
    link.setDesired({ ...NOTHING_DESIRED, camera: true, presence: 'here' });
    await clock.advance(1);
    expect(firmware.intents).toHaveLength(1);
    await clock.advance(10 * DESIRED_STATE_PERIOD_MS);
    expect(firmware.intents).toHaveLength(11);
    const seqs = firmware.intents.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it('notices that firmware is killed, reconnects, and sends the desired state at once', async () => {
    const { clock, firmware, link, seen } = await linked();
    link.setDesired({ ...NOTHING_DESIRED, presence: 'here' });
    firmware.die();
    expect(link.body).toBeUndefined();
    firmware.desired = undefined;
    await clock.advance(5_000);
    firmware.up = true;
    await clock.advance(300);
    expect(firmware.desired).toMatchObject({ presence: 'here' });
    expect(seen).toEqual(['here', 'lost', 'here']);
  });

  it('reports a silent body as lost although the pipe is open', async () => {
    const { clock, firmware, link, seen } = await linked();
    firmware.freeze();
    await clock.advance(BODY_LOST_MS + 2 * DESIRED_STATE_PERIOD_MS);
    expect(link.body).toBeUndefined();
    expect(seen).toEqual(['here', 'lost']);
  });

  it('does not report it as lost because this process was blocked', async () => {
    const clock = new SimClock();
    let heldUpMs = 0;
    const own: Clock = {
      now: () => clock.now() + heldUpMs,
      wall: () => clock.wall(),
      after: (ms, act) => clock.after(ms, act),
      every: (ms, act) => clock.every(ms, act),
    };
    const { firmware, seen, link } = await linked(own, clock);
    firmware.freeze();
    heldUpMs = 1_000;
    // Timers run first, then messages received meanwhile.
    await clock.advance(DESIRED_STATE_PERIOD_MS);
    firmware.recover();
    await clock.advance(300);
    expect(link.body).toBeDefined();
    expect(seen).toEqual(['here']);
  });

  it('treats outdated and repeated messages as silence', async () => {
    for (const spoil of [
      (firmware: FakeFirmware) => firmware.repeat(),
      (firmware: FakeFirmware) => {
        firmware.lateMs = BODY_LOST_MS + 10;
      },
      (firmware: FakeFirmware) => {
        firmware.lateMs = -60_000;
      },
    ]) {
      const { clock, firmware, link } = await linked();
      spoil(firmware);
      await clock.advance(500);
      expect(link.body).toBeUndefined();
    }
  });

  it('passes on events once, and counts refusals', async () => {
    const { clock, firmware, seen, refusals } = await linked();
    firmware.happen('handAcknowledged');
    firmware.say(JSON.stringify({ kind: 'refused', seq: 4, reason: 'hot' }));
    await clock.advance(1);
    expect(seen).toEqual(['here', 'handAcknowledged']);
    expect(refusals.snapshot()).toEqual({ 'body.hot': 1 });
  });

  it('counts garbage, and is not affected by it', async () => {
    const { clock, firmware, link, refusals, bodies } = await linked();
    const garbage = fc.oneof(fc.string(), fc.json(), fc.constant('{"kind":"body","seq":-1}'));
    const lines = fc.sample(garbage, 300).filter((line) => !isMessage(line));
    for (const line of lines) firmware.say(line);
    const before = bodies();
    await clock.advance(100);
    expect(refusals.snapshot()['link.malformed']).toBe(lines.length);
    expect(bodies()).toBeGreaterThan(before);
    expect(link.body).toBeDefined();
  });

  it('is silent after close', async () => {
    const { clock, firmware, link } = await linked();
    link.close();
    firmware.intents.length = 0;
    await clock.advance(1_000);
    expect(firmware.intents).toEqual([]);
  });
});

const isMessage = (line: string): boolean => BodyMessage.safeParse(jsonOf(line)).success;
