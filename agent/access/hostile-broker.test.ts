/**
 * The broker's operator can read, store, delay, change and forge messages. They must never get an
 * invitation's secret, a place in class, or a robot that accepts their message as a pupil's. After
 * each attack the honest pupil must still get in.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settled } from '../signalling/testing/raw-pupil.ts';
import { type AttackedBench, underAttack } from '../signalling/testing/robot-bench.ts';
import { TYP } from '../wire/signalling.ts';
import { freshNonce } from '../wire/token.ts';

let at: AttackedBench;
beforeEach(async () => {
  at = await underAttack();
});
afterEach(() => at.expectStillGetsIn(at.honest));

/** All that an operator can decode: texts, and every base64url run in them, at any depth. */
function readable(): string {
  const decode = (text: string, depth: number): string =>
    depth === 0
      ? ''
      : (text.match(/[A-Za-z0-9_-]{16,}/g) ?? [])
          .map((run) => Buffer.from(run, 'base64url').toString('latin1'))
          .map((plain) => plain + decode(plain, depth - 1))
          .join('\n');
  const all = at.broker.carried.map(({ text }) => text).join('\n');
  return `${all}\n${decode(all, 4)}`;
}

describe('eavesdropping', () => {
  test('neither secrets nor private keys are visible, though all else is', async () => {
    const { invitation } = await at.robot.invite();
    const friend = await at.stranger();
    expect(await friend.bind(invitation.secret)).toBe('bound');
    expect(await friend.offer()).toBe('answer');
    const seen = readable();
    expect(seen).toContain('deskmate-offer+jws');
    expect(seen).toContain('v=0 offer');
    expect(seen).not.toContain(invitation.secret);
    expect(seen).not.toContain(Buffer.from(invitation.secret, 'base64url').toString('latin1'));
    const keys = JSON.parse(at.robot.storage.files.get('robot-keys.json') ?? '');
    expect(seen).toContain(keys.signing.x);
    for (const key of [keys.signing, keys.encryption]) {
      expect(seen).not.toContain(key.d);
      expect(seen).not.toContain(Buffer.from(key.d, 'base64url').toString('latin1'));
    }
    await expect(crypto.subtle.exportKey('jwk', friend.signer.key)).rejects.toThrow();
  });

  test('nor does the disk hold the secret, only its hash', async () => {
    const { invitation } = await at.robot.invite();
    const disk = [...at.robot.storage.files.values()].join('\n');
    expect(disk).not.toContain(invitation.secret);
  });
});

describe('replays', () => {
  test('an offer, to the same robot', async () => {
    await at.honest.offer();
    for (const { topic, text } of at.broker.seen('offer')) at.broker.inject(topic, text);
    expect(await at.honest.heard()).toBe('refused: staleChallenge');
    expect(at.robot.session.offers).toHaveLength(1);
  });

  test('an offer, as another peer with a challenge of its own', async () => {
    const { challenge } = await at.honest.hello();
    const token = await at.honest.offerToken(challenge);
    const thief = await at.stranger();
    await thief.hello();
    thief.say({ kind: 'offer', token });
    expect(await thief.heard()).toBe('refused: notAuthentic');
    at.honest.say({ kind: 'offer', token });
    expect(await at.honest.heard(), 'the theft did not burn the challenge').toBe('answer');
  });

  test('everything, after a restart', async () => {
    await at.honest.offer();
    const recorded = [...at.broker.carried];
    at.robot = await at.robot.restart();
    const heard: string[] = [];
    for (const { text } of recorded.filter(({ topic }) => topic.endsWith('/up'))) {
      at.honest.say(text);
      heard.push(await at.honest.heard());
    }
    // A replayed hello gets a new challenge, which no old token names.
    const refused = 'refused: staleChallenge';
    expect(heard).toEqual(['challenge', refused, 'challenge', refused]);
    expect(at.robot.session.offers).toHaveLength(0);
    expect(at.robot.access.registry.devices()).toHaveLength(1);
  });

  test('a bye does not end a later session', async () => {
    const first = await at.honest.hello();
    at.honest.say({ kind: 'offer', token: await at.honest.offerToken(first.challenge) });
    expect(await at.honest.heard()).toBe('answer');
    const bye = { kind: 'bye', token: await at.honest.token(TYP.bye, first.challenge, {}) };
    at.honest.say(bye);
    expect(await settled(() => at.robot.session.byes.length === 1)).toBe(true);
    expect(await at.honest.offer()).toBe('answer');
    at.honest.say(bye);
    expect(await at.honest.heard()).toBe('refused: staleChallenge');
    expect(at.robot.session.byes).toHaveLength(1);
  });

  test('the challenge for a hello is useless to anybody else', async () => {
    const thief = await at.stranger({ peer: at.honest.peer });
    const { challenge } = await thief.hello();
    thief.say({ kind: 'offer', token: await thief.offerToken(challenge) });
    expect(await thief.heard()).toBe('refused: unknownDevice');
  });
});

describe('a captured bind', () => {
  test('replayed by the operator as another peer, ahead of the pupil, binds nobody else', async () => {
    const { invitation } = await at.robot.invite();
    const friend = await at.stranger();
    const token = await friend.bindToken(await friend.hello(), invitation.secret);
    const thief = await at.stranger();
    await thief.hello();
    thief.say({ kind: 'bind', token });
    expect(await thief.heard()).toBe('refused: notAuthentic');
    friend.say({ kind: 'bind', token });
    expect(await friend.heard()).toBe('bound');
  });

  test('sent twice at the same time binds once', async () => {
    const { invitation } = await at.robot.invite();
    const friend = await at.stranger();
    const token = await friend.bindToken(await friend.hello(), invitation.secret);
    friend.say({ kind: 'bind', token });
    friend.say({ kind: 'bind', token });
    expect([await friend.heard(), await friend.heard()].sort()).toEqual([
      'bound',
      'refused: staleChallenge',
    ]);
    expect(at.robot.access.registry.devices()).toHaveLength(2);
  });

  test('two devices with the same link: exactly one gets in', async () => {
    const { invitation } = await at.robot.invite();
    const two = [await at.stranger(), await at.stranger()];
    const jwes = await Promise.all(
      two.map(async (one) => one.bindToken(await one.hello(), invitation.secret)),
    );
    two.forEach((one, index) => {
      one.say({ kind: 'bind', token: jwes[index] });
    });
    const heard = await Promise.all(two.map((one) => one.heard()));
    expect(heard.sort()).toEqual(['bound', 'refused: invitationUsed']);
  });
});

describe('expired and revoked', () => {
  test('a challenge after 30 s', async () => {
    const { challenge } = await at.honest.hello();
    await at.clock.advance(30_001);
    at.honest.say({ kind: 'offer', token: await at.honest.offerToken(challenge) });
    expect(await at.honest.heard()).toBe('refused: staleChallenge');
  });

  test('an invitation that was used, has expired, was withdrawn or never existed', async () => {
    const stranger = await at.stranger();
    const used = await at.robot.invite();
    await (await at.stranger()).bind(used.invitation.secret);
    expect(await stranger.bind(used.invitation.secret)).toBe('refused: invitationUsed');
    const expiring = await at.robot.invite(1);
    await at.clock.advance(24 * 3_600_000);
    expect(await stranger.bind(expiring.invitation.secret)).toBe('refused: invitationExpired');
    const revoked = await at.robot.invite();
    await at.robot.access.registry.revokeInvitation(revoked.id);
    expect(await stranger.bind(revoked.invitation.secret)).toBe('refused: invitationUnknown');
    expect(await stranger.bind(freshNonce())).toBe('refused: invitationUnknown');
    expect(await stranger.offer()).toBe('refused: unknownDevice');
  });

  test('a device that was revoked, even with an offer in flight and its old invitation', async () => {
    const { invitation } = await at.robot.invite();
    const former = await at.stranger();
    await former.bind(invitation.secret);
    const [, device] = at.robot.access.registry.devices();
    at.robot.session.answer = async () => {
      await at.robot.access.registry.revokeDevice(device?.device ?? '');
      return { ok: true, sdp: 'v=0' };
    };
    expect(await former.offer()).toBe('refused: unknownDevice');
    expect(at.robot.session.byes, 'and the session is told').toHaveLength(1);
    at.robot.session.answer = async () => ({ ok: true, sdp: 'v=0' });
    expect(await former.offer()).toBe('refused: unknownDevice');
    expect(await former.bind(invitation.secret)).toBe('refused: invitationUsed');
  });

  test('the robot keys before a rotation', async () => {
    const { invitation } = await at.robot.invite();
    const old = await at.honest.hello();
    const oldKey = at.robot.access.robotKey;
    await at.robot.access.rotateKeys();
    expect(at.robot.access.robotKey).not.toBe(oldKey);
    at.honest.say({ kind: 'bind', token: await at.honest.bindToken(old, invitation.secret) });
    expect(await at.honest.heard()).toBe('refused: notAuthentic');
    expect(await at.honest.offer()).toBe('refused: unknownDevice');
    expect(await at.honest.bind(invitation.secret)).toBe('refused: invitationUnknown');
    expect(await at.honest.bind((await at.robot.invite()).invitation.secret)).toBe('bound');
  });
});
