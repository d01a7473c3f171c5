import { beforeAll, describe, expect, it } from 'vitest';
import { silentLog as log } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { FakeTime } from '../time/testing/fake-time.ts';
import { verifyAuditText } from '../wire/audit.ts';
import {
  FLEET,
  freshRoot,
  freshSigner,
  order,
  type Person,
  ROBOT,
  SCHOOL,
} from '../wire/testing/fleet-people.ts';
import { type Signer, thumbprint } from '../wire/token.ts';
import { AuditLog, recordIdOf } from './audit-log.ts';
import { Membership } from './membership.ts';
import { FakeRecords } from './testing/fleet-bench.ts';

let root: Person;
let signer: Signer;
beforeAll(async () => {
  root = await freshRoot();
  signer = await freshSigner();
});

const limits = { entries: 4, kept: 1, closed: 3 };

async function setUp() {
  const storage = new MemoryStorage();
  const records = new FakeRecords();
  const fleet = { id: FLEET, root: root.key };
  const membership = await Membership.open(storage, log, fleet);
  const robotKey = await thumbprint(signer.jwk);
  const join = { kind: 'join', school: SCHOOL, robotKey } as const;
  await membership.join(fleet, SCHOOL, await order(root, join));
  const time = new FakeTime(new SimClock());
  const parts = { robot: ROBOT, storage, log, time, membership, records, limits };
  const open = () => new AuditLog({ ...parts, signer: () => signer });
  const verify = (text: string) => verifyAuditText(text, { fleet: FLEET, root: root.key });
  return { storage, records, open, verify };
}

const event = { what: 'started', outcome: 'done' } as const;

describe('the audit log', () => {
  it('verifies as a whole, and each file by itself', async () => {
    const { storage, open, verify } = await setUp();
    const audit = open();
    for (let n = 0; n < 12; n++) await audit.append(event);
    expect(await verify(await audit.text())).toMatchObject({ ok: true, head: audit.end });
    const files = (await storage.list()).filter((name) => name.startsWith('audit'));
    expect(files).toEqual(['audit-1.jsonl', 'audit-2.jsonl', 'audit-3.jsonl', 'audit.jsonl']);
    for (const name of files)
      expect(await verify((await storage.read(name)) ?? '')).toMatchObject({ ok: true });
  });

  it('drops what the fleet has stored, and only then what it has not', async () => {
    const { records, open, verify } = await setUp();
    const audit = open();
    for (let n = 0; n < 9; n++) await audit.append(event);
    for (const id of records.all.keys()) records.stored.add(id);
    for (let n = 0; n < 4; n++) await audit.append(event);
    const stored = await verify(await audit.text());
    expect(stored).toMatchObject({ ok: true });
    expect(stored.ok && stored.entries[0]?.n).toBeGreaterThan(1);
    for (let n = 0; n < 40; n++) await audit.append(event);
    const text = await audit.text();
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(16);
    expect(await verify(text)).toMatchObject({ ok: true, head: audit.end });
    const verdict = await verify(text);
    expect(verdict.ok && verdict.entries.some(({ facts }) => facts?.dropped)).toBe(true);
  });

  it('goes on after a line was torn at any byte, and says so', async () => {
    for (const reached of [1, 50, 400]) {
      const { storage, open, verify } = await setUp();
      const audit = open();
      await audit.append(event);
      const text = (await storage.read('audit.jsonl')) ?? '';
      storage.leaveHalfLine('audit.jsonl', text.slice(0, reached));
      const after = open();
      await after.append(event);
      const verdict = await verify(await after.text());
      const whats = verdict.ok && verdict.entries.map(({ what }) => what);
      expect(whats).toEqual(['started', 'repaired', 'started']);
      expect(await storage.read('audit-torn.txt')).toBe(text.slice(0, reached));
    }
  });

  it('goes on in a file that verifies, after an entry was damaged', async () => {
    const { storage, open, verify } = await setUp();
    const audit = open();
    for (let n = 0; n < 3; n++) await audit.append(event);
    const text = (await storage.read('audit.jsonl')) ?? '';
    const lines = text.trimEnd().split('\n');
    storage.leave('audit.jsonl', `${lines[0]}\n${lines[1]}\nx${lines[2]?.slice(100)}\n`);
    const after = open();
    await after.append(event);
    expect(await verify(await after.text())).toMatchObject({ ok: false, line: 3 });
    const newest = await verify((await storage.read('audit.jsonl')) ?? '');
    expect(newest.ok && newest.entries.map(({ what, n }) => [what, n])).toEqual([
      ...[
        ['checkpoint', 4],
        ['repaired', 5],
        ['started', 6],
      ],
    ]);
  });

  it('hands the newest entry over again after a start, as the power may have gone before', async () => {
    const { records, open } = await setUp();
    const entry = await open().append(event);
    records.all.clear();
    await open().entryOf('0'.repeat(32), 'wipe');
    expect([...records.all.keys()]).toEqual([recordIdOf(entry?.token ?? '')]);
  });
});
