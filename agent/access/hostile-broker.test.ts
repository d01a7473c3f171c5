/**
 * The broker's operator reads, keeps, holds back, changes and makes up messages as they like. What
 * they must never get: an invitation's secret, a place in class, a robot that takes something for a
 * pupil's that is not. After each attack the honest pupil must still get in.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { boundPupil, RawPupil, settled } from '../signalling/testing/raw-pupil.ts';
import { TapBroker } from '../signalling/testing/tap-broker.ts';
import { TestRobot } from '../signalling/testing/test-robot.ts';
import { TYP } from '../wire/signalling.ts';
import { freshNonce } from '../wire/token.ts';

let clock: SimClock;
let broker: TapBroker;
let robot: TestRobot;
let pupil: RawPupil;
const wall = (): number => clock.wall();

beforeEach(async () => {
  clock = new SimClock();
  broker = new TapBroker();
  robot = await TestRobot.start(broker, { clock });
  pupil = await boundPupil(robot, broker, wall);
});

afterEach(async () => {
  await clock.advance(60_000);
  const offers = robot.door.offers.length;
  expect(await pupil.offer(), 'the honest pupil still gets in').toBe('answer');
  expect(robot.door.offers.length).toBe(offers + 1);
});

/** All that an operator can decode: texts, and every base64url run in them, to any depth. */
function readable(): string {
  const decode = (text: string, depth: number): string =>
    depth === 0
      ? ''
      : (text.match(/[A-Za-z0-9_-]{16,}/g) ?? [])
          .map((run) => Buffer.from(run, 'base64url').toString('latin1'))
          .map((plain) => plain + decode(plain, depth - 1))
          .join('\n');
  const all = broker.carried.map(({ text }) => text).join('\n');
  return `${all}\n${decode(all, 4)}`;
}

describe('reading along', () => {
  test('neither secrets nor private keys can be seen, though all else can', async () => {
    const { invitation } = await robot.invite();
    const friend = await RawPupil.at(broker, wall);
    expect(await friend.bind(invitation.secret)).toBe('bound');
    expect(await friend.offer()).toBe('answer');
    const seen = readable();
    expect(seen).toContain('deskmate-offer+jws');
    expect(seen).toContain('v=0 offer');
    expect(seen).not.toContain(invitation.secret);
    expect(seen).not.toContain(Buffer.from(invitation.secret, 'base64url').toString('latin1'));
    const keys = JSON.parse(robot.storage.files.get('robot-keys.json') ?? '');
    expect(seen).toContain(keys.signing.x);
    for (const key of [keys.signing, keys.encryption]) {
      expect(seen).not.toContain(key.d);
      expect(seen).not.toContain(Buffer.from(key.d, 'base64url').toString('latin1'));
    }
    await expect(crypto.subtle.exportKey('jwk', friend.signer.key)).rejects.toThrow();
  });

  test('the disk holds no secret either, only its hash', async () => {
    const { invitation } = await robot.invite();
    const disk = [...robot.storage.files.values()].join('\n');
    expect(disk).not.toContain(invitation.secret);
  });
});

describe('replays', () => {
  test('an offer, to the same robot', async () => {
    await pupil.offer();
    for (const { topic, text } of broker.seen('offer')) broker.inject(topic, text);
    expect(await pupil.heard()).toBe('refused: staleChallenge');
    expect(robot.door.offers).toHaveLength(1);
  });

  test('an offer, as another peer with a challenge of its own', async () => {
    const { challenge } = await pupil.hello();
    const token = await pupil.offerToken(challenge);
    const thief = await RawPupil.at(broker, wall);
    await thief.hello();
    thief.say({ kind: 'offer', token });
    expect(await thief.heard()).toBe('refused: notAuthentic');
    pupil.say({ kind: 'offer', token });
    expect(await pupil.heard(), 'the theft did not burn the challenge').toBe('answer');
  });

  test('everything, after a restart', async () => {
    await pupil.offer();
    const recorded = [...broker.carried];
    robot = await robot.restart();
    const heard: string[] = [];
    for (const { text } of recorded.filter(({ topic }) => topic.endsWith('/up'))) {
      pupil.say(text);
      heard.push(await pupil.heard());
    }
    // A replayed hello gets a new challenge, which no old token names.
    const refused = 'refused: staleChallenge';
    expect(heard).toEqual(['challenge', refused, 'challenge', refused]);
    expect(robot.door.offers).toHaveLength(0);
    expect(robot.access.guests.devices()).toHaveLength(1);
  });

  test('a bye ends no later session', async () => {
    const first = await pupil.hello();
    pupil.say({ kind: 'offer', token: await pupil.offerToken(first.challenge) });
    expect(await pupil.heard()).toBe('answer');
    const bye = { kind: 'bye', token: await pupil.token(TYP.bye, first.challenge, {}) };
    pupil.say(bye);
    expect(await settled(() => robot.door.byes.length === 1)).toBe(true);
    expect(await pupil.offer()).toBe('answer');
    pupil.say(bye);
    expect(await pupil.heard()).toBe('refused: staleChallenge');
    expect(robot.door.byes).toHaveLength(1);
  });

  test('a hello gives a challenge that is of no use to anybody else', async () => {
    const thief = await RawPupil.at(broker, wall, { peer: pupil.peer });
    const { challenge } = await thief.hello();
    thief.say({ kind: 'offer', token: await thief.offerToken(challenge) });
    expect(await thief.heard()).toBe('refused: unknownDevice');
  });
});

describe('a captured bind', () => {
  test('raced by the operator as another peer binds nobody else', async () => {
    const { invitation } = await robot.invite();
    const friend = await RawPupil.at(broker, wall);
    const token = await friend.letter(await friend.hello(), invitation.secret);
    const thief = await RawPupil.at(broker, wall);
    await thief.hello();
    thief.say({ kind: 'bind', token });
    expect(await thief.heard()).toBe('refused: notAuthentic');
    friend.say({ kind: 'bind', token });
    expect(await friend.heard()).toBe('bound');
  });

  test('said twice at the same time binds once', async () => {
    const { invitation } = await robot.invite();
    const friend = await RawPupil.at(broker, wall);
    const token = await friend.letter(await friend.hello(), invitation.secret);
    friend.say({ kind: 'bind', token });
    friend.say({ kind: 'bind', token });
    expect([await friend.heard(), await friend.heard()].sort()).toEqual([
      'bound',
      'refused: staleChallenge',
    ]);
    expect(robot.access.guests.devices()).toHaveLength(2);
  });

  test('two devices with the same link: exactly one gets in', async () => {
    const { invitation } = await robot.invite();
    const two = [await RawPupil.at(broker, wall), await RawPupil.at(broker, wall)];
    const letters = await Promise.all(
      two.map(async (one) => one.letter(await one.hello(), invitation.secret)),
    );
    two.forEach((one, index) => {
      one.say({ kind: 'bind', token: letters[index] });
    });
    const heard = await Promise.all(two.map((one) => one.heard()));
    expect(heard.sort()).toEqual(['bound', 'refused: invitationUsed']);
  });
});

describe('what is over is over', () => {
  test('a challenge after 30 s', async () => {
    const { challenge } = await pupil.hello();
    await clock.advance(30_001);
    pupil.say({ kind: 'offer', token: await pupil.offerToken(challenge) });
    expect(await pupil.heard()).toBe('refused: staleChallenge');
  });

  test('an invitation that was used, has expired, was taken back or never was', async () => {
    const stranger = await RawPupil.at(broker, wall);
    const used = await robot.invite();
    await (await RawPupil.at(broker, wall)).bind(used.invitation.secret);
    expect(await stranger.bind(used.invitation.secret)).toBe('refused: invitationUsed');
    const expiring = await robot.invite(1);
    await clock.advance(24 * 3_600_000);
    expect(await stranger.bind(expiring.invitation.secret)).toBe('refused: invitationExpired');
    const revoked = await robot.invite();
    await robot.access.guests.revokeInvitation(revoked.id);
    expect(await stranger.bind(revoked.invitation.secret)).toBe('refused: invitationUnknown');
    expect(await stranger.bind(freshNonce())).toBe('refused: invitationUnknown');
    expect(await stranger.offer()).toBe('refused: unknownDevice');
  });

  test('a device that was revoked, even with an offer on its way and its old invitation', async () => {
    const { invitation } = await robot.invite();
    const former = await RawPupil.at(broker, wall);
    await former.bind(invitation.secret);
    const [, device] = robot.access.guests.devices();
    robot.door.answer = async () => {
      await robot.access.guests.revokeDevice(device?.device ?? '');
      return { ok: true, sdp: 'v=0' };
    };
    expect(await former.offer()).toBe('refused: unknownDevice');
    expect(robot.door.byes, 'and the session is told').toHaveLength(1);
    robot.door.answer = async () => ({ ok: true, sdp: 'v=0' });
    expect(await former.offer()).toBe('refused: unknownDevice');
    expect(await former.bind(invitation.secret)).toBe('refused: invitationUsed');
  });

  test('the robot keys before a rotation', async () => {
    const { invitation } = await robot.invite();
    const old = await pupil.hello();
    const oldKey = robot.access.robotKey;
    await robot.access.rotateKeys();
    expect(robot.access.robotKey).not.toBe(oldKey);
    pupil.say({ kind: 'bind', token: await pupil.letter(old, invitation.secret) });
    expect(await pupil.heard()).toBe('refused: notAuthentic');
    expect(await pupil.offer()).toBe('refused: unknownDevice');
    expect(await pupil.bind(invitation.secret)).toBe('refused: invitationUnknown');
    expect(await pupil.bind((await robot.invite()).invitation.secret)).toBe('bound');
  });
});
