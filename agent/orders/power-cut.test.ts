import { expect, it } from 'vitest';
import { makeSigner } from '../signalling/testing/raw-pupil.ts';
import { ROBOT } from '../testing/test-agent.ts';
import { verifyAuditText } from '../wire/audit.ts';
import { freshNonce, thumbprint } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import { FLEET, FleetBench, people, receiptIn } from './testing/fleet-bench.ts';
import { rowOf } from './wipe-table.ts';

/** More milliseconds than the writes of a hand-over take on the slow disk, one each. */
const LAST_MS = 32;

it('a hand-over that a power cut interrupts has not begun, or is completed', async () => {
  const those = await people();
  const seen = new Set<string>();
  for (let cutMs = 0; cutMs <= LAST_MS; cutMs += 2) {
    const bench = await FleetBench.start(those, { slowDisk: true });
    const { registry } = bench.access;
    const secret = freshNonce();
    const { jwk } = await makeSigner();
    const device = await thumbprint(jwk);
    const binding = registry
      .invite(secret, 7)
      .then(() => registry.redeem(secret, { device, jwk }, () => true));
    await bench.pass(100);
    await binding;
    const days = { days: 7, replyKey: bench.replyKey };
    const signed = await bench.order(those.coordinator, { kind: 'assign', ...days });
    bench.agent.broker.deliver(topics.order(ROBOT), signed);
    await bench.clock.advance(cutMs);
    bench.storage.cutPower();
    const old = bench.agent;
    old.broker.connect(false);
    await bench.boot();
    await bench.pass(300);
    const records = bench.recordsOn(topics.receipt(ROBOT)) as { receipt: string }[];
    const receipts = await Promise.all(records.map(receiptIn));
    const mine = receipts.filter(({ sealed }) => sealed !== undefined);
    const open = bench.access.registry.invitations().filter(({ state }) => state === 'open');
    const isBound = bench.access.registry.isBound(device);
    seen.add(isBound ? 'nothing' : 'all');
    expect(mine, `cut after ${cutMs} ms`).toHaveLength(isBound ? 0 : 1);
    expect(open).toHaveLength(isBound ? 0 : 1);
    if (!isBound) expect(JSON.parse(await bench.opened(mine[0]?.sealed)).id).toBe(open[0]?.id);
    const text = await bench.orders.audit.text();
    const verdict = await verifyAuditText(text, { fleet: FLEET, root: those.root.key });
    if (!verdict.ok) throw new Error(`cut after ${cutMs} ms: line ${verdict.line} ${verdict.why}`);
    const assigned = verdict.entries.filter(({ what }) => what === 'assign');
    expect(assigned).toHaveLength(isBound ? 0 : 1);
    // Its disk never answers: it ends by its time limits.
    void old.agent.stop().catch(() => {});
    await bench.pass(3_000, 60);
  }
  expect([...seen].sort()).toEqual(['all', 'nothing']);
});

it('has a row for each file that a robot keeps, after a lesson too', async () => {
  const bench = await FleetBench.start(await people());
  await bench.access.registry.invite(freshNonce(), 7);
  await bench.agent.offer();
  bench.agent.peer.become('connected');
  await bench.pass(100);
  bench.agent.peer.say({ kind: 'storePreset', preset: 'board' });
  await bench.clock.advance(500);
  const names = await bench.storage.list();
  expect(names).toContain('presets.json');
  expect(names.filter((name) => !rowOf(name))).toEqual([]);
  await bench.send(bench.people.central, { kind: 'wipe' });
  const left = await bench.storage.list();
  expect(left.filter((name) => rowOf(name)?.fate === 'removed')).toEqual([]);
});
