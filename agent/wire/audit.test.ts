import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditEntry, signAuditEntry, verifyAudit, verifyAuditText } from './audit.ts';
import { signRecordAck, verifyRecordAck } from './record-ack.ts';
import {
  appoint,
  FLEET,
  freshRoot,
  NOW_S,
  order,
  type Person,
  ROBOT,
  SCHOOL,
} from './testing/fleet-people.ts';
import { hashToken } from './token.ts';

let root: Person;
let central: Person;
let robot: Person;
let log: string[];

/** Entries of the robot after `tokens`, chained to the last one. */
async function extended(
  tokens: readonly string[],
  by: Person,
  ...more: Partial<AuditEntry>[]
): Promise<string[]> {
  const all = [...tokens];
  for (const over of more) {
    const last = all.at(-1);
    const entry = {
      ...{ fleet: FLEET, log: ROBOT, n: all.length + 1, at: NOW_S * 1_000, what: 'wipe' },
      ...{ prev: last === undefined ? null : await hashToken(last), outcome: 'done' as const },
      ...over,
    };
    all.push(await signAuditEntry(by.signer, entry));
  }
  return all;
}

const joinOf = async (by: Person, of: Person, over = {}) => {
  const join = { kind: 'join', school: SCHOOL, robotKey: of.key } as const;
  return { what: 'join', evidence: await order(by, join, over) };
};

const verdictOn = async (tokens: readonly string[]) => {
  const verdict = await verifyAudit(tokens, { fleet: FLEET, root: root.key });
  return verdict.ok ? 'ok' : `${verdict.why} ${verdict.line}`;
};

beforeAll(async () => {
  root = await freshRoot();
  central = await appoint(root, 'central');
  robot = await freshRoot();
  log = await extended([], robot, await joinOf(central, robot), {}, { what: 'assign' }, {});
});

describe('an audit log', () => {
  it('is verified with nothing but the root', async () => {
    const verdict = await verifyAudit(log, { fleet: FLEET, root: root.key });
    expect(verdict.ok && verdict.entries.map(({ what }) => what)).toEqual([
      'join',
      'wipe',
      'assign',
      'wipe',
    ]);
    expect(verdict.ok && verdict.head).toEqual({ n: 4, hash: await hashToken(log[3] ?? '') });
    expect(await verdictOn([])).toBe('ok');
  });

  it('shows a removed, doubled, moved or inserted entry', async () => {
    const [a = '', b = '', c = '', d = ''] = log;
    expect(await verdictOn([a, c, d])).toBe('gap 2');
    expect(await verdictOn([a, b, b, c])).toBe('gap 3');
    expect(await verdictOn([a, c, b, d])).toBe('gap 2');
    expect(await verdictOn([b, c, d])).toBe('noEvidence 1');
    const other = await extended([a], robot, { what: 'restart' });
    expect(await verdictOn([a, other[1] ?? '', c])).toBe('gap 3');
  });

  it('shows a log of another robot, fleet, root or key', async () => {
    const thief = await freshRoot();
    expect(await verdictOn(await extended(log, thief, {}))).toBe('wrongKey 5');
    expect(await verdictOn(await extended([], thief, await joinOf(central, robot)))).toBe(
      'wrongKey 1',
    );
    expect(await verdictOn(await extended([], thief, await joinOf(thief, thief)))).toBe(
      'noEvidence 1',
    );
    expect(await verdictOn(await extended(log, robot, { log: 'robot-2' }))).toBe('wrongLog 5');
    expect(await verdictOn(await extended(log, robot, { fleet: 'borealis' }))).toBe('wrongLog 5');
    const forOther = await joinOf(central, robot, { robot: 'robot-2' });
    expect(await verdictOn(await extended([], robot, forOther))).toBe('noEvidence 1');
    const coordinator = await appoint(central, 'coordinator');
    expect(await verdictOn(await extended([], robot, await joinOf(coordinator, robot)))).toBe(
      'noEvidence 1',
    );
  });

  it('goes on with the next key where the keys were rotated', async () => {
    const next = await freshRoot();
    const rotated = await extended(log, robot, { what: 'keysRotated', nextKey: next.key });
    expect(await verdictOn(await extended(rotated, next, {}))).toBe('ok');
    expect(await verdictOn(await extended(rotated, robot, {}))).toBe('wrongKey 6');
  });

  it('of the fleet is signed by its service', async () => {
    const service = await appoint(central, 'service');
    const entry = { log: '$fleet', evidence: { chain: [...service.chain] } };
    expect(await verdictOn(await extended([], service, entry))).toBe('ok');
    expect(
      await verdictOn(
        await extended([], central, { ...entry, evidence: { chain: [...central.chain] } }),
      ),
    ).toBe('noEvidence 1');
  });

  it('as text survives no changed byte', async () => {
    const text = log.map((token) => `${token}\n`).join('');
    const trust = { fleet: FLEET, root: root.key };
    expect((await verifyAuditText(text, trust)).ok).toBe(true);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.integer({ min: 1, max: 127 }),
        async (at, by) => {
          const byte = String.fromCharCode(text.charCodeAt(at) ^ by);
          const edited = text.slice(0, at) + byte + text.slice(at + 1);
          expect((await verifyAuditText(edited, trust)).ok).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
    for (const edited of [text.slice(0, -1), `${text}\n`, text.replace('\n', '\r\n'), ` ${text}`])
      expect((await verifyAuditText(edited, trust)).ok).toBe(false);
  });
});

describe('an acknowledgement of records', () => {
  const ids = ['a'.repeat(32)];
  it('counts from the fleet service only', async () => {
    const service = await appoint(central, 'service');
    const given = { fleet: FLEET, robot: ROBOT, ids };
    const trust = {
      fleet: FLEET,
      root: root.key,
      robot: ROBOT,
      certainlyPastS: NOW_S,
      isRevoked: () => false,
    };
    const from = async (by: Person, over = {}) => ({
      ack: await signRecordAck(by.signer, { ...given, ...over }),
      chain: [...by.chain],
    });
    expect(await verifyRecordAck(await from(service), trust)).toEqual({ ok: true, ids });
    expect(await verifyRecordAck(await from(central), trust)).toEqual({
      ok: false,
      reason: 'roleForbids',
    });
    const stolen = { ...(await from(central)), chain: [...service.chain] };
    expect(await verifyRecordAck(stolen, trust)).toEqual({ ok: false, reason: 'notGranted' });
    const elsewhere = await from(service, { robot: 'robot-2' });
    expect(await verifyRecordAck(elsewhere, trust)).toEqual({ ok: false, reason: 'wrongFleet' });
  });
});
