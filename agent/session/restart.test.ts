/** ICE restart of an existing connection: nothing of the session changes. */
import { expect, it } from 'vitest';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { ANNA, BEN, ROBOT, TestAgent } from '../testing/test-agent.ts';
import { topics } from '../wire/topics.ts';

async function inClass() {
  const clock = new SimClock();
  const it = new TestAgent(clock, new MemoryStorage());
  await it.agent.start();
  await clock.advance(100);
  await it.offer();
  it.peer.become('connected');
  await clock.advance(50);
  const restart = (who = ANNA, sdp = 'v=0 new ways') =>
    it.agent.session.offer(who, sdp, { restart: true, onCandidate: () => {} });
  return { clock, it, restart };
}

it('is answered by the same connection; the lesson goes on, with one record', async () => {
  const { clock, it, restart } = await inClass();
  const admission = await restart();
  expect(admission).toMatchObject({ ok: true, sdp: 'answer to v=0 new ways' });
  const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host' };
  if (admission.ok) admission.addCandidates?.([candidate]);
  expect(it.peers).toHaveLength(1);
  expect(it.peer.candidates).toEqual([candidate]);
  expect(it.peer.closed).toBe(false);
  expect(it.agent.phase).toBe('live');
  it.peer.say({ kind: 'hangUp' });
  await clock.advance(100);
  expect(it.broker.on(topics.usage(ROBOT))).toMatchObject([{ interruptions: 0, why: 'hangUp' }]);
});

it('reconnects a lost pupil, whose session is kept meanwhile', async () => {
  const { clock, it, restart } = await inClass();
  it.peer.become('disconnected');
  await clock.advance(2_000);
  expect(it.agent.phase).toBe('interrupted');
  expect(await restart()).toMatchObject({ ok: true });
  expect(it.agent.phase, 'not before the way is there').toBe('interrupted');
  it.peer.become('connected');
  await clock.advance(50);
  expect(it.agent.phase).toBe('live');
  expect(it.peers).toHaveLength(1);
});

it('that cannot be answered leaves the connection unchanged', async () => {
  const { it, restart } = await inClass();
  expect(await restart(ANNA, 'bad')).toEqual({ ok: false, reason: 'malformed' });
  expect(it.peer.closed).toBe(false);
  expect(it.agent.phase).toBe('live');
});

it('applies to that connection only, not to another device or peer, or a closed one', async () => {
  const { clock, it, restart } = await inClass();
  const no = { ok: false, reason: 'staleChallenge' };
  expect(await restart(BEN)).toEqual(no);
  expect(await restart({ ...ANNA, peer: '9'.repeat(32) })).toEqual(no);
  expect(await restart({ ...BEN, peer: ANNA.peer })).toEqual(no);
  it.agent.session.end('hangUp');
  await clock.advance(1_000);
  expect(await restart()).toEqual(no);
  expect(it.peers).toHaveLength(1);
});
