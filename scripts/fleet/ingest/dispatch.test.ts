import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { appoint, freshRoot, order, ROBOT } from '../../../agent/wire/testing/fleet-people.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { openStore } from '../store/store.ts';
import { Dispatch } from './dispatch.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-dispatch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('dispatch', () => {
  it('sends an order until it is answered or over, from one service at a time', async () => {
    const clock = new SimClock();
    const store = await openStore(path.join(folder, 'a.db'), { clock, log: silentLog });
    const central = await appoint(await freshRoot(), 'central');
    const signed = await order(central, { kind: 'timetable', timetable: 'T' });
    let reached = false;
    const sent: string[] = [];
    const publish = async (topic: string): Promise<void> => {
      if (!reached) throw new Error('out of reach');
      sent.push(topic);
    };
    const parts = { store, clock, log: silentLog, publish, onAnswered: () => {} };
    const [one, two] = [new Dispatch(parts), new Dispatch(parts)];
    const now = clock.wall();
    const made = {
      ...{ robot: ROBOT, id: 'a'.repeat(32), kind: 'timetable', signer: 'S', role: 'central' },
      ...{ expires: now + 3_600_000, created: now, body: JSON.stringify(signed) },
    };
    await store.orders.add(made);
    const stored = await store.orders.get(ROBOT, made.id);
    if (!stored) throw new Error('not stored');
    await one.send(stored);
    expect(sent).toEqual([]);
    reached = true;
    await clock.advance(3_000);
    for (const dispatch of [one, two]) dispatch.robotsAwake([ROBOT, 'robot-2']);
    await clock.advance(1_000);
    expect(sent).toHaveLength(1);
    await clock.advance(6 * 60_000);
    await Promise.all([one.repeat(), two.repeat()]);
    expect(sent).toHaveLength(2);
    const answer = { robot: ROBOT, order: made.id, outcome: 'done', reason: null, receipt: 'R' };
    const answers = [{ ...answer, at: clock.wall() }];
    const nothing = { records: [], latest: [], history: [], seen: new Map() };
    await store.intake.store({ ...nothing, answers });
    await one.answered(answers);
    expect(await store.orders.plans()).toMatchObject([{ robot: ROBOT, timetable: 'T' }]);
    await clock.advance(6 * 60_000);
    await one.repeat();
    expect(sent).toHaveLength(2);
    await store.close();
  });
});
