/** Concurrent offers. */
import { expect, it } from 'vitest';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { ANNA, BEN, TestAgent } from '../testing/test-agent.ts';

async function started() {
  const clock = new SimClock();
  const it = new TestAgent(clock, new MemoryStorage());
  await it.agent.start();
  await clock.advance(100);
  return it;
}

const inUse = { ok: false, reason: 'inUse' };

it('of two devices one gets the session', async () => {
  const it = await started();
  const replies = await Promise.all([it.offer(ANNA), it.offer(BEN)]);
  expect(replies).toEqual([{ ok: true, sdp: 'answer to v=0' }, inUse]);
  expect(it.peers).toHaveLength(1);
});

it('of several waiting offers of one device, the newest wins', async () => {
  const it = await started();
  const page = (n: number) => ({ ...ANNA, peer: String(n).repeat(32) });
  const replies = await Promise.all([it.offer(page(4)), it.offer(page(5)), it.offer(page(6))]);
  expect(replies).toEqual([inUse, inUse, { ok: true, sdp: 'answer to v=0' }]);
  expect(it.peers).toHaveLength(1);
  it.peers[0]?.become('connected');
  // A later offer is answered in turn, and takes over.
  expect(await it.offer(page(7))).toMatchObject({ ok: true });
  expect(it.peers[0]?.last('ended')).toEqual({ kind: 'ended', why: 'takenOver' });
});

it('is refused when the robot stops meanwhile, and leaves no connection behind', async () => {
  const it = await started();
  const reply = it.offer(ANNA);
  await it.agent.session.stop();
  expect(await reply).toEqual({ ok: false, reason: 'notAvailable' });
  expect(it.peers.filter(({ closed }) => !closed)).toEqual([]);
  expect(await it.offer(BEN)).toEqual({ ok: false, reason: 'notAvailable' });
});

it('is refused at empty battery or critical heat, and accepted afterwards', async () => {
  const it = await started();
  const session = it.agent.session;
  const body = it.firmware.body;
  for (const spent of [
    { battery: { ...body.battery, level: 'empty' as const } },
    { heat: { ...body.heat, level: 'critical' as const } },
  ]) {
    session.onBody({ ...body, ...spent });
    expect(await it.offer(ANNA)).toEqual({ ok: false, reason: 'notAvailable' });
  }
  session.onBody(body);
  expect(await it.offer(ANNA)).toMatchObject({ ok: true });
});
