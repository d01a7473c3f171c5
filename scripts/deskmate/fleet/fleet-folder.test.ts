import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRequest } from '../../../agent/pki/request.ts';
import { verifyOrder } from '../../../agent/wire/order.ts';
import { makeKeyPair } from '../../../hal/common/certificate.ts';
import { createFleet, openFleet } from './fleet-folder.ts';
import { addRobot, importRobots, revokeRobot } from './fleet-robots.ts';
import { parseRobotsCsv } from './robots-csv.ts';

const NOW = Date.UTC(2026, 8, 1);
const KEY = 'k'.repeat(43);
let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'deskmate-'));
  folder = path.join(parent, 'fleet');
});
afterEach(() => rmSync(parent, { recursive: true }));

const about = { fleet: 'aurora', schools: ['norra'], broker: null, services: ['main'], nowMs: NOW };
const make = (passphrase?: string) => createFleet(folder, { ...about, passphrase });
const newId = () => '0'.repeat(32);
async function ask(id: string, robotKey = KEY) {
  const request = await createRequest({ kind: 'robot', id }, await makeKeyPair());
  return { id, school: 'norra', robotKey, request, nowMs: NOW, newId };
}

describe('a fleet’s folder', () => {
  it('is made once, for its owner only', async () => {
    const { about: made } = await make();
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    for (const file of files) {
      const mode = statSync(path.join(file.parentPath, file.name)).mode & 0o777;
      expect(mode).toBe(file.isDirectory() ? 0o700 : 0o600);
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await expect(make()).rejects.toMatchObject({ reason: 'exists' });
    expect((await openFleet(folder)).about).toEqual(made);
    expect(readdirSync(parent)).toEqual(['fleet']);
  });

  it('is not made over files of others, nor half', async () => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'letter.txt'), 'mine');
    await expect(make()).rejects.toMatchObject({ reason: 'exists' });
    await expect(make('short')).rejects.toThrow(/at least 12 characters/);
    expect(readdirSync(folder)).toEqual(['letter.txt']);
    expect(readdirSync(parent)).toEqual(['fleet']);
  });

  it('opens its keys with the passphrase only', async () => {
    await make('correct horse battery');
    for (const file of ['root-key.json', 'ca/root-key.pem', 'ca/issuing-key.pem'])
      expect(readFileSync(path.join(folder, file), 'utf8')).not.toMatch(/"d"|PRIVATE KEY/);
    const none = await openFleet(folder);
    await expect(none.rootSigner()).rejects.toMatchObject({ reason: 'passphraseNeeded' });
    const wrong = await openFleet(folder, 'correct horse batterie');
    await expect(wrong.issuing()).rejects.toMatchObject({ reason: 'passphraseWrong' });
    const right = await openFleet(folder, 'correct horse battery');
    await expect(right.rootSigner()).resolves.toBeDefined();
    await expect(right.issuing()).resolves.toBeDefined();
  });

  it.each([
    ['exposed', () => chmodSync(path.join(folder, 'root-key.json'), 0o640), /chmod 600/],
    ['exposed', () => chmodSync(folder, 0o750), /chmod 700/],
    ['incomplete', () => rmSync(path.join(folder, 'robots.json')), /robots\.json is missing/],
    ['wrong', () => writeFileSync(path.join(folder, 'fleet.json'), '{"fleet":"A"}'), /fleet: /],
    ['wrong', () => writeFileSync(path.join(folder, 'robots.json'), '{"robo'), /line 1/],
  ])('%s: is said, with what to do', async (reason, spoil, message) => {
    await make();
    spoil();
    const opened = openFleet(folder);
    await expect(opened).rejects.toMatchObject({ reason });
    await expect(opened).rejects.toThrow(message);
  });

  it('keeps fields of a newer version', async () => {
    await make();
    const file = path.join(folder, 'robots.json');
    const newer = { schema: 'fleet-robots/9', minReader: 1, robots: [], later: 7 };
    writeFileSync(file, JSON.stringify(newer));
    await addRobot(await openFleet(folder), await ask('robot-1'));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      ...{ schema: 'fleet-robots/9', later: 7, robots: [{ id: 'robot-1' }] },
    });
  });

  it('is changed by one command at a time', async () => {
    const fleet = await make();
    mkdirSync(path.join(folder, '.lock'));
    await expect(importRobots(fleet, [])).rejects.toMatchObject({ reason: 'busy' });
  });
});

describe('a robot of the fleet', () => {
  it('gets a certificate and a join order that it obeys', async () => {
    const fleet = await make();
    const answer = await addRobot(fleet, await ask('robot-1'));
    const { fleet: id, root } = fleet.about;
    const verdict = await verifyOrder(answer.join, {
      ...{ fleet: id, root, robot: 'robot-1', school: undefined, shown: true, nowS: undefined },
      ...{ certainlyPastS: 0, consentUntilS: 0, isRevoked: () => false, lastN: () => -1 },
    });
    expect(verdict).toMatchObject({
      ...{ ok: true, order: { do: { kind: 'join', school: 'norra', robotKey: KEY } } },
    });
  });

  it('with another key is refused until the old one is revoked', async () => {
    const fleet = await make();
    await addRobot(fleet, await ask('robot-1'));
    const other = await ask('robot-1', 'o'.repeat(43));
    await expect(addRobot(fleet, other)).rejects.toThrow(/fleet revoke robot-1/);
    const before = await fleet.revocationList();
    await revokeRobot(fleet, 'robot-1', NOW + 1);
    expect(await fleet.revocationList()).not.toBe(before);
    await addRobot(fleet, other);
    const [row] = await fleet.robots();
    expect(row?.certificates.map(({ revokedMs }) => revokedMs)).toEqual([NOW + 1, null]);
  });

  it('is refused by what its request says, and then nothing changes', async () => {
    const fleet = await make();
    const wrong = { ...(await ask('robot-2')), id: 'robot-1' };
    await expect(addRobot(fleet, wrong)).rejects.toThrow(/another name/);
    await expect(revokeRobot(fleet, 'robot-9', NOW)).rejects.toThrow(/no robot of this fleet/);
    expect(await fleet.robots()).toEqual([]);
  });
});

describe('a list of robots', () => {
  const rows = (bad?: number) =>
    Array.from({ length: 200 }, (_, n) => (n === bad ? `Robot ${n},norra` : `robot-${n},norra`));

  it('of which one row is wrong is refused, with row and field', () => {
    const parsed = parseRobotsCsv(['id,school', ...rows(123)].join('\n'));
    expect(parsed).toMatchObject({ ok: false, errors: [{ row: 125, field: 'id' }] });
  });

  it('is taken as a whole, and changes no key', async () => {
    const fleet = await make();
    await addRobot(fleet, await ask('robot-7'));
    const parsed = parseRobotsCsv(
      ['id;school', ...rows().map((row) => row.replace(',', ';'))].join('\r\n'),
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    await importRobots(fleet, parsed.robots);
    const after = await fleet.robots();
    expect(after).toHaveLength(200);
    expect(after.find(({ id }) => id === 'robot-7')).toMatchObject({ robotKey: KEY });
    const clash = [{ id: 'robot-8', school: 'sodra', name: null, robotKey: null }];
    const other = { id: 'robot-7', school: null, name: null, robotKey: 'x'.repeat(43) };
    await expect(importRobots(fleet, [...clash, other])).rejects.toThrow(/another key/);
    expect(await fleet.robots()).toEqual(after);
  });

  it('whatever it is, is taken or refused with a row', () => {
    const cell = fc.constantFrom('id', 'school', 'robot-1', 'A', '"', '""', '"x,y"', '', 'name');
    const text = fc.oneof(
      fc.string(),
      fc
        .array(fc.array(cell, { maxLength: 4 }).map((cells) => cells.join(',')))
        .map((all) => all.join('\n')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseRobotsCsv(given);
        if (parsed.ok) for (const { id } of parsed.robots) expect(id).toMatch(/^[a-z0-9-]{1,32}$/);
        else
          for (const { row, why } of parsed.errors)
            expect([row > 0, why !== '']).toEqual([true, true]);
      }),
    );
  });

  it('with any names is read back', () => {
    const name = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((one) => one.trim() === one && !/\p{Cc}/u.test(one));
    fc.assert(
      fc.property(name, (given) => {
        const parsed = parseRobotsCsv(`id,name\nrobot-1,"${given.replaceAll('"', '""')}"\n`);
        expect(parsed).toMatchObject({ ok: true, robots: [{ name: given || null }] });
      }),
    );
  });
});
