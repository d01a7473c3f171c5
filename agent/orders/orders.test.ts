import { beforeAll, describe, expect, it } from 'vitest';
import { makeSigner } from '../signalling/testing/raw-pupil.ts';
import { ROBOT } from '../testing/test-agent.ts';
import { timetable } from '../timetable/testing/timetables.ts';
import { verifyAuditText } from '../wire/audit.ts';
import type { Action } from '../wire/order.ts';
import { encodeTimetable } from '../wire/timetable-code.ts';
import { freshNonce, thumbprint } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';
import { FLEET, FleetBench, type People, people, receiptIn } from './testing/fleet-bench.ts';

let those: People;
beforeAll(async () => {
  those = await people();
});

const wipe: Action = { kind: 'wipe' };

/** Binds a pupil's device, as by an invitation. */
async function boundDevice(bench: FleetBench): Promise<string> {
  const { registry } = bench.access;
  const secret = freshNonce();
  await registry.invite(secret, 7);
  const { jwk } = await makeSigner();
  const device = await thumbprint(jwk);
  await registry.redeem(secret, { device, jwk }, () => true);
  return device;
}

async function auditOf(bench: FleetBench) {
  const verdict = await verifyAuditText(await bench.orders.audit.text(), {
    ...{ fleet: FLEET, root: those.root.key },
  });
  if (!verdict.ok) throw new Error(`line ${verdict.line}: ${verdict.why}`);
  return verdict.entries;
}

describe('orders to a robot', () => {
  it('joins, wipes with a proof, and writes an audit log that verifies', async () => {
    const bench = await FleetBench.start(those);
    const device = await boundDevice(bench);
    const receipt = await bench.send(those.coordinator, wipe);
    expect(receipt).toMatchObject({ outcome: 'done', robot: ROBOT });
    expect(bench.access.registry.isBound(device)).toBe(false);
    const entries = await auditOf(bench);
    expect(entries.map(({ what }) => what)).toEqual(['join', 'wiped', 'wipe']);
    expect(entries[1]?.facts).toMatchObject({ devices: 1, unknown: [] });
    expect(receipt?.audit).toEqual(bench.orders.audit.end);
    expect(bench.recordsOn(topics.audit(ROBOT))).toHaveLength(3);
    expect(bench.recordsOn(topics.receipt(ROBOT))).toHaveLength(2);
  });

  it('hands the robot over: the old device is out, one invitation is open', async () => {
    const bench = await FleetBench.start(those);
    const device = await boundDevice(bench);
    const days = { days: 7, replyKey: bench.replyKey };
    const receipt = await bench.send(those.coordinator, { kind: 'assign', ...days });
    expect(receipt).toMatchObject({ outcome: 'done' });
    const { link } = JSON.parse(await bench.opened(receipt?.sealed));
    expect(link).toContain('https://pupil.example/#r=robot-7');
    expect(bench.access.registry.isBound(device)).toBe(false);
    const isOpen = () => bench.access.registry.invitations().filter((one) => one.state === 'open');
    expect(isOpen()).toHaveLength(1);
    const again = await bench.send(those.coordinator, { kind: 'invite', ...days });
    expect(JSON.parse(await bench.opened(again?.sealed)).id).toBe(isOpen()[0]?.id);
    expect(isOpen()).toHaveLength(1);
  });

  it('ends the lesson of the pupil who is handed over', async () => {
    const bench = await FleetBench.start(those);
    await bench.agent.offer();
    bench.agent.peer.become('connected');
    await bench.clock.advance(100);
    expect(bench.agent.agent.phase).toBe('live');
    await bench.send(those.coordinator, wipe);
    expect(bench.agent.agent.phase).toBe('asleep');
    expect(bench.agent.broker.on(topics.usage(ROBOT))).toMatchObject([{ why: 'revoked' }]);
  });

  it('gives the same receipt for the same order, and carries it out once', async () => {
    const bench = await FleetBench.start(those);
    const signed = await bench.order(those.coordinator, {
      ...{ kind: 'invite', days: 1, replyKey: bench.replyKey },
    });
    const [first] = await bench.deliver(signed);
    const [again] = await bench.deliver(signed);
    expect(again).toEqual(first);
    expect(bench.access.registry.invitations()).toHaveLength(1);
    await bench.boot();
    expect(await bench.deliver(signed)).toEqual([first]);
  });

  it.each([
    ['a coordinator of another school', () => those.stranger, wipe, {}, 'outOfScope'],
    ['a role that may not', () => those.teacher, wipe, {}, 'roleForbids'],
    [
      'support without consent',
      () => those.support,
      { kind: 'identify', seconds: 5 },
      {},
      'noConsent',
    ],
    ['an order for another robot', () => those.central, wipe, { robot: 'robot-9' }, 'wrongRobot'],
    ['an order of another fleet', () => those.central, wipe, { fleet: 'boreal' }, 'wrongFleet'],
    ['an old number', () => those.central, wipe, { n: 1 }, 'replayed'],
  ] as const)('refuses %s', async (_what, who, action, over, reason) => {
    const bench = await FleetBench.start(those);
    const device = await boundDevice(bench);
    await bench.send(who(), action, over);
    expect(bench.agent.agent.refusals.snapshot()).toEqual({ [`order.${reason}`]: 1 });
    expect(bench.access.registry.isBound(device)).toBe(true);
    expect((await auditOf(bench)).at(-1)).toMatchObject({ what: 'refused', reason });
  });

  it('refuses an expired order, also after the clock went back', async () => {
    const bench = await FleetBench.start(those);
    const exp = Math.floor(bench.clock.wall() / 1_000) + 2;
    const signed = await bench.order(those.central, wipe, { exp });
    await bench.clock.advance(3_000);
    expect(await bench.deliver(signed)).toEqual([]);
    bench.clock.jumpWall(-7_200_000);
    await bench.deliver(signed);
    expect(bench.agent.agent.refusals.snapshot()).toEqual({
      ...{ 'order.expired': 1, 'order.clockUnknown': 1 },
    });
  });

  it('survives drops, repeats, other orders and garbage of a hostile broker', async () => {
    const bench = await FleetBench.start(those);
    const [one, two] = [
      await bench.order(those.central, { kind: 'revoke', revoked: ['0'.repeat(32)] }),
      await bench.order(those.central, { kind: 'revoke', revoked: ['1'.repeat(32)] }),
    ];
    expect(await bench.deliver(two)).toMatchObject([{ outcome: 'done' }]);
    expect(await bench.deliver(one)).toMatchObject([{ outcome: 'refused', reason: 'replayed' }]);
    for (const text of ['', '{', '{"order":"a.b.c","chain":[]}', 'x'.repeat(70_000), '[]'])
      await bench.deliver(text);
    const torn = { ...two, order: `${two.order.slice(0, -3)}AAA` };
    await bench.deliver(torn);
    await bench.clock.advance(60_000);
    expect(await bench.send(those.central, wipe)).toMatchObject({ outcome: 'done' });
    await auditOf(bench);
  });

  it('bounds a flood, also in the audit log', async () => {
    const bench = await FleetBench.start(those);
    const signed = await bench.order(those.stranger, wipe);
    for (let round = 0; round < 200; round++) await bench.deliver(signed, 1);
    expect(bench.agent.agent.refusals.snapshot()['order.tooMany']).toBeGreaterThan(100);
    expect((await auditOf(bench)).length).toBeLessThan(12);
    const { orders } = bench;
    const stopped = bench.agent.agent.stop();
    await bench.pass(2_000);
    await stopped;
    const verdict = await verifyAuditText(await orders.audit.text(), {
      ...{ fleet: FLEET, root: those.root.key },
    });
    expect(verdict.ok && verdict.entries.at(-1)).toMatchObject({ what: 'refusals' });
  });

  it('obeys support while the school consents, and shows the room that it does', async () => {
    const bench = await FleetBench.start(those);
    const shown = () => bench.agent.firmware.desired;
    const until = Math.floor(bench.clock.wall() / 1_000) + 3;
    expect(await bench.send(those.coordinator, { kind: 'consent', until })).toMatchObject({
      outcome: 'done',
    });
    const identifying: Action = { kind: 'identify', seconds: 5 };
    expect(await bench.send(those.support, identifying)).toMatchObject({ outcome: 'done' });
    expect(shown()).toMatchObject({ identify: true, support: true, camera: false });
    await bench.clock.advance(5_000);
    expect(shown()).toMatchObject({ identify: false });
    await bench.clock.advance(56_000);
    expect(shown()).toMatchObject({ support: false });
    expect(await bench.send(those.support, identifying)).toMatchObject({ reason: 'noConsent' });
    expect((await auditOf(bench)).map(({ what }) => what)).toContain('consentEnded');
  });

  it('does not obey whom it was told to revoke', async () => {
    const bench = await FleetBench.start(those);
    await bench.send(those.central, { kind: 'revoke', revoked: [those.coordinator.key] });
    expect(await bench.send(those.coordinator, wipe)).toMatchObject({ reason: 'revoked' });
    await bench.boot();
    expect(await bench.send(those.coordinator, wipe)).toMatchObject({ reason: 'revoked' });
  });

  it('rotates its keys; the log verifies, also from a later file on', async () => {
    const bench = await FleetBench.start(those);
    const before = bench.access.robotKey;
    expect(await bench.send(those.central, { kind: 'rotateKeys' })).toMatchObject({
      outcome: 'done',
    });
    expect(bench.access.robotKey).not.toBe(before);
    await bench.boot();
    expect(await bench.send(those.central, wipe)).toMatchObject({ outcome: 'done' });
    const whats = (await auditOf(bench)).map(({ what }) => what);
    expect(whats).toEqual(['join', 'keysRotated', 'rotateKeys', 'started', 'wiped', 'wipe']);
  });

  it('learns its fleet from a join order that is shown, leaves, and then obeys nobody', async () => {
    const bench = await FleetBench.start(those, { configured: false });
    const unheard = () => bench.agent.agent.refusals.snapshot()['order.noFleet'];
    await bench.send(those.central, wipe);
    await bench.send(those.central, bench.joinAction());
    expect(unheard()).toBe(2);
    const shown = await bench.orders.show(await bench.order(those.central, wipe));
    expect(shown).toMatchObject({ outcome: 'refused', reason: 'noFleet' });
    const join = await bench.order(those.central, bench.joinAction());
    expect(await bench.orders.show(join)).toMatchObject({ outcome: 'done' });
    expect(bench.orders.membership.school).toBe('norra');
    expect(await bench.send(those.central, { kind: 'leave' })).toMatchObject({ outcome: 'done' });
    expect(bench.orders.membership.fleet).toBeUndefined();
    await bench.send(those.central, wipe);
    expect(unheard()).toBe(4);
  });

  it('obeys codes, and nobody on the network, while its clock is unknown', async () => {
    const bench = await FleetBench.start(those);
    bench.keeper = Object.assign(bench.keeper, { synchronised: false, bootId: 'boot-2' });
    bench.clock.jumpWall(-20 * 365 * 86_400_000);
    const signed = await bench.order(those.central, wipe, {
      n: Date.UTC(2026, 1, 1),
      iat: Date.UTC(2026, 0, 12) / 1_000,
      exp: Date.UTC(2026, 0, 20) / 1_000,
    });
    await bench.boot();
    expect(await bench.deliver(signed)).toMatchObject([{ reason: 'clockUnknown' }]);
    expect(await bench.orders.show(signed)).toMatchObject({ outcome: 'done' });
  });

  it('says who it is, retained, and what is not supported', async () => {
    const bench = await FleetBench.start(those);
    const { published } = bench.agent.broker;
    const said = published.filter(({ topic }) => topic === topics.identity(ROBOT));
    expect(said.length).toBe(2);
    expect(said.every(({ retain }) => retain)).toBe(true);
    for (const action of [
      { kind: 'restart', what: 'agent' },
      { kind: 'logs', lines: 10, level: 'info', replyKey: bench.replyKey },
    ] satisfies Action[])
      expect(await bench.send(those.central, action)).toMatchObject({
        ...{ outcome: 'failed', reason: 'notSupported' },
      });
  });

  it('takes lessons, a timetable and settings, or says what is wrong with them', async () => {
    const bench = await FleetBench.start(those);
    const { agent } = bench.agent;
    const said = async (action: Action) => {
      const { outcome, reason } = (await bench.send(those.coordinator, action)) ?? {};
      return reason === undefined ? outcome : `${outcome} ${reason}`;
    };
    const code = encodeTimetable(timetable());
    if (!code.ok) throw new Error(code.why);
    const from = bench.clock.wall();
    expect(await said({ kind: 'allowLesson', from, until: from + 3_600_000 })).toBe('done');
    expect(await said({ kind: 'allowLesson', from, until: from })).toMatch(/^failed until/);
    expect(await said({ kind: 'timetable', timetable: '{"' })).toMatch(/^failed malformed/);
    expect(agent.timetable.timetable).toBeUndefined();
    expect(await said({ kind: 'timetable', timetable: code.value })).toBe('done');
    expect(agent.timetable.timetable?.id).toBe(timetable().id);
    const name = (value: Record<string, unknown>): Action => ({
      kind: 'configure',
      settings: { section: 'name', version: 1, value },
    });
    expect(await said(name({ name: 7 }))).toMatch(/^failed .*name/);
    expect(await said(name({ name: 'Robot of room 7' }))).toBe('done');
    // The next pupil has other lessons.
    expect(await said({ kind: 'wipe' })).toBe('done');
    expect(agent.timetable.timetable).toBeUndefined();
  });

  it('sends its newest log lines, redacted and sealed', async () => {
    const lines = Array.from(
      { length: 500 },
      (_, n) => `{"n":${n},"password":"hush"}${' '.repeat(99)}`,
    );
    const recentLog = { recent: (most: number) => lines.slice(-most) };
    const bench = await FleetBench.start(those, { ports: { recentLog } });
    const wanted = { lines: 2_000, level: 'info', replyKey: bench.replyKey } as const;
    const receipt = await bench.send(those.central, { kind: 'logs', ...wanted });
    const text = await bench.opened(receipt?.sealed);
    expect(text.trimEnd().split('\n').at(-1)).toContain('"n":499');
    expect(text).not.toContain('hush');
    expect(receipt?.sealed?.length).toBeLessThan(40_000);
    const [record] = bench.recordsOn(topics.receipt(ROBOT)).slice(-1);
    expect(await receiptIn(record as { receipt: string })).toEqual(receipt);
  });
});
