/** A lost tablet, from the command on the robot to the pupil who is out of class. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Health } from '../../../agent/access/admin-protocol.ts';
import { AdminSocket } from '../../../agent/access/admin-socket.ts';
import { RefusalCounters } from '../../../agent/model/refusal-counters.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import { Lesson } from '../../../sim/testing/lesson.ts';
import { pump } from '../../../sim/testing/pump.ts';
import type { ScriptedPupil } from '../../../sim/testing/scripted-pupil.ts';
import { type Ran, run } from '../testing/run-command.ts';
import { verbs } from '../verbs.ts';

const idle = { present: true, state: 'idle', why: '' } as const;
const health: Health = { body: null, broker: true, camera: idle, microphone: idle, speaker: idle };

let folder: string;
let lesson: Lesson;
let admin: AdminSocket;
let anna: ScriptedPupil;
let ben: ScriptedPupil;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-'));
  const path = join(folder, 'admin.sock');
  await writeFile(
    join(folder, 'agent.json'),
    JSON.stringify({
      ...{ robot: 'sim-1', broker: 'mqtt://b', brokerForPupils: 'wss://b', page: 'https://p/' },
      ...{ link: 'l', admin: path, data: 'd', drivers: 'd', board: 'laptop', logLevel: 'info' },
    }),
  );
  lesson = await Lesson.start();
  admin = await AdminSocket.open({
    ...{ path, access: () => lesson.door, robot: 'sim-1', broker: 'wss://b', page: 'https://p/' },
    ...{ phase: () => lesson.phase, health: () => health, refusals: new RefusalCounters() },
    ...{ clock: lesson.clock, log: silentLog },
  });
  anna = await lesson.pupil();
  ben = await lesson.pupil();
});

afterEach(async () => {
  await admin.close();
  await lesson.stop();
  await rm(folder, { recursive: true });
});

/** `answer`: the answer typed at the terminal; undefined: not interactive. */
const type = (line: string, answer?: string): Promise<Ran> =>
  pump(lesson.clock, run(verbs, [...line.split(' '), '--config', folder], {}, answer));

async function listed(): Promise<{ name: string; device: string; lastUsedAt: number | null }[]> {
  return JSON.parse((await type('devices --json')).out).devices;
}

describe('devices', () => {
  it('lists who may come in, since when, and who was in class', async () => {
    await anna.join();
    const { code, out } = await type('devices --lang en');
    expect(code).toBe(0);
    const [first, second] = await listed();
    expect(out).toMatch(/^ {2}Device +Let in +Last in class$/m);
    const day = '\\d+ Jan 2026, \\d\\d:\\d\\d';
    expect(out).toMatch(new RegExp(`^ {2}${first?.name} +${day} +${day}$`, 'm'));
    expect(out).toMatch(new RegExp(`^ {2}${second?.name} +${day} +never$`, 'm'));
    expect(first?.device).toHaveLength(43);
  });

  it('says what to do when there is none', async () => {
    for (const { name } of await listed()) await type(`revoke ${name} --yes`);
    expect((await type('devices')).out).toBe(
      'No device may come in. To let one in: deskmate invite\n',
    );
  });
});

describe('revoke', () => {
  it('ends the lesson of that device at once; it cannot come back, others can', async () => {
    await anna.join();
    expect(lesson.phase).toBe('live');
    const [first, second] = await listed();
    const { code, out } = await type(`revoke ${first?.name}`, 'y');
    expect({ code, out }).toEqual({ code: 0, out: `Device ${first?.name} is shut out.\n` });
    await lesson.clock.advance(100);
    expect(anna.remote.messages.at(-1)).toMatchObject({ kind: 'ended', why: 'revoked' });
    await lesson.clock.advance(5_000);
    expect(lesson.phase).toBe('asleep');
    expect(lesson.truth.cameraRail).toBe(false);
    await expect(anna.join()).rejects.toMatchObject({ reason: 'unknownDevice' });
    // Nor by the invitation that it was bound with.
    await expect(anna.bind(anna.invited)).rejects.toMatchObject({ reason: 'invitationUsed' });
    expect((await listed()).map(({ device }) => device)).toEqual([second?.device]);
    await ben.join();
    expect(lesson.phase).toBe('live');
  });

  it('leaves the lesson of another device alone', async () => {
    await ben.join();
    const [first] = await listed();
    await type(`revoke ${first?.device} --yes`);
    await lesson.clock.advance(1_000);
    expect(lesson.phase).toBe('live');
  });

  it.each(['n', '', 'nee', 'x'])('answered with “%s” it does nothing', async (answer) => {
    const [first] = await listed();
    const { code, err } = await type(`revoke ${first?.name}`, answer);
    expect(code).toBe(1);
    expect(err).toMatch(/Shut out device .*\[y\/N\] Nothing was revoked\.\n$/);
    expect(await listed()).toHaveLength(2);
  });

  it.each(['', ' --json'])('where nobody can be asked it wants --yes%s', async (json) => {
    const [first] = await listed();
    const { code, out, err } = await type(`revoke ${first?.name}${json}`);
    expect(code).toBe(64);
    if (json) expect(JSON.parse(out).error).toMatchObject({ code: 'notConfirmed', exit: 64 });
    else expect(err).toMatch(/Nothing was revoked.*--yes/);
    expect(await listed()).toHaveLength(2);
  });

  it('an unknown one, and one that may be several, are errors that change nothing', async () => {
    const unknown = await type('revoke zzzz --yes --json');
    expect(unknown.code).toBe(65);
    expect(JSON.parse(unknown.out).error).toMatchObject({ code: 'notFound', typed: 'zzzz' });
    // Devices with the same beginning, as chance brings together once in sixteen million.
    const [first, second] = await listed();
    const alike = [`AAAA${first?.device.slice(4)}`, `AAAA${second?.device.slice(4)}`];
    const devices = () => alike.map((device) => ({ device, boundAt: 0, lastUsedAt: null }));
    lesson.door.registry.devices = devices;
    const several = await type('revoke AAAA --yes --json');
    expect(several.code).toBe(65);
    expect(JSON.parse(several.out).error).toMatchObject({
      code: 'ambiguous',
      names: alike.map((device) => device.slice(0, 8)),
    });
    expect((await type('revoke AAAA --yes --lang sv')).err).toMatch(/^”AAAA” kan vara AAAA/);
  });
});

describe('invitations', () => {
  it('lists the open ones, and revoke takes one back', async () => {
    const invitation = await lesson.invite();
    const { invitations } = JSON.parse((await type('invitations --json')).out);
    expect(invitations).toHaveLength(1);
    const [{ id }] = invitations;
    expect((await type('invitations')).out).toMatch(
      new RegExp(`^ {2}${id} +1[12] Jan .* 1[34] Jan`, 'm'),
    );
    const { code, out } = await type(`revoke ${id} --yes`);
    expect({ code, out }).toEqual({ code: 0, out: `Invitation ${id} is taken back.\n` });
    await expect(lesson.newcomer().bind(invitation)).rejects.toMatchObject({
      reason: 'invitationUnknown',
    });
    expect((await type('invitations')).out).toMatch(/^No invitation is open/);
  });
});
