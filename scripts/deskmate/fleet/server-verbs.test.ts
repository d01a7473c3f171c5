/** Verbs that work through the fleet service, as typed, against the real one. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role, Scope } from '../../../agent/wire/grant.ts';
import { appoint, FLEET, SCHOOL } from '../../../agent/wire/testing/fleet-people.ts';
import { RunningFleet } from '../../fleet/testing/running-fleet.ts';
import { type Ran, run } from '../testing/run-command.ts';
import { verbs } from '../verbs.ts';
import { GrantFile, writeFields } from './fleet-files.ts';

let fleet: RunningFleet;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'deskmate-'));
  fleet = await RunningFleet.start();
  await fleet.robot('robot-1', SCHOOL, () => ({ outcome: 'done' }));
  await fleet.robot('robot-2', SCHOOL, () => ({ outcome: 'failed', reason: 'no disk' }));
  const scope: Scope = { kind: 'schools', schools: [SCHOOL] };
  await person('central', { kind: 'fleet' });
  await person('teacher', scope);
  for (const who of ['central', 'teacher']) await type(who, `login ${fleet.server}`);
});
afterAll(async () => {
  await fleet.stop();
  await rm(home, { recursive: true, force: true });
});

/** A home with the key and grants of somebody of this role. */
async function person(role: Role, scope: Scope): Promise<void> {
  const { signer, chain } = await appoint(fleet.root, role, scope);
  const folder = path.join(home, role, '.config', 'deskmate');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const signing = await exportJWK(signer.key);
  const key = JSON.stringify({ version: 1, signing });
  await writeFile(path.join(folder, 'key.json'), key, { mode: 0o600 });
  const grants = writeFields(GrantFile, { fleet: FLEET, root: fleet.root.key, chain: [...chain] });
  await writeFile(path.join(folder, 'grants.json'), grants, { mode: 0o600 });
}

const type = (who: string, line: string, answer?: string): Promise<Ran> =>
  run(verbs, line.split(' '), { HOME: path.join(home, who) }, answer, fleet.clock);

describe('verbs through the fleet service', () => {
  it('list and show robots of the service that login named', async () => {
    const { code, out } = await type('central', 'robots --json');
    const { robots } = JSON.parse(out);
    expect([code, robots.map(({ id }: { id: string }) => id)]).toEqual([0, ['robot-1', 'robot-2']]);
    expect((await type('central', 'show robot-1')).out).toMatch(/robot-1/);
    const file = path.join(home, 'central/.config/deskmate/server.json');
    expect(JSON.parse(await readFile(file, 'utf8')).server).toBe(fleet.server);
    expect((await type('central', 'show robot-9')).code).toBe(65);
  });

  it('order each robot; the table tells of each, and the exit code that some failed', async () => {
    expect(await type('central', 'identify robot-1')).toMatchObject({ code: 0 });
    const { code, out } = await type('central', 'wipe robot-1 robot-2 --yes --json');
    expect([code, JSON.parse(out).robots]).toEqual([
      69,
      [
        { robot: 'robot-1', outcome: 'done' },
        { robot: 'robot-2', outcome: 'failed', reason: 'no disk' },
      ],
    ]);
  });

  it('get a log only when it verifies, and alerts', async () => {
    const { code, out } = await type('central', 'audit get --json');
    expect([code, JSON.parse(out).entries[0].what]).toEqual([0, 'login']);
    expect((await type('central', 'alerts')).out).toBe('There is no alert.\n');
    expect((await type('central', 'alerts ack robot-1/x')).code).toBe(65);
  });

  it('ask before what cannot be taken back', async () => {
    expect(await type('central', 'wipe robot-1', 'n')).toMatchObject({ code: 1, out: '' });
    expect((await type('central', 'wipe robot-1')).code).toBe(64);
    expect((await type('central', 'wipe')).code).toBe(64);
  });

  it('tell what a role may not do', async () => {
    const { code, out } = await type('teacher', 'wipe robot-1 --yes --json');
    expect(JSON.parse(out).robots).toMatchObject([{ robot: 'robot-1', outcome: 'refused' }]);
    expect(code).toBe(69);
    const { err } = await type('central', 'robots --server https://127.0.0.1:1 --lang nl');
    expect(err).toMatch(/^De beheerdienst https:\/\/127.0.0.1:1 is niet bereikbaar/);
  });
});

describe('fleet serve', () => {
  it('makes a key, and says how it gets its grant', async () => {
    const dir = path.join(home, 'service');
    const { code, err } = await type('central', `fleet serve --broker mqtt://x --dir ${dir}`);
    expect([code, err]).toEqual([78, expect.stringMatching(/deskmate fleet grant service --to/)]);
    expect(await readFile(path.join(dir, 'service-key.json'), 'utf8')).not.toMatch(/"d"/);
  });
});
