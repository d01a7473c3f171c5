/** Tokens altered by a hostile broker, and noise: typed refusals without side effects. */
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeSigner, settled } from '../signalling/testing/raw-pupil.ts';
import { type AttackedBench, underAttack } from '../signalling/testing/robot-bench.ts';
import { encryptJwe } from '../wire/jwe.ts';
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import { TYP } from '../wire/signalling.ts';
import { freshNonce, freshPeerId, signToken } from '../wire/token.ts';
import { topics } from '../wire/topics.ts';

let at: AttackedBench;
beforeEach(async () => {
  at = await underAttack();
});
afterEach(() => at.expectStillGetsIn(at.honest));

describe('altered tokens', () => {
  const alter = (
    token: string,
    part: number,
    change: (value: Record<string, unknown>) => object,
  ) => {
    const parts = token.split('.');
    const value = JSON.parse(Buffer.from(parts[part] ?? '', 'base64url').toString());
    parts[part] = Buffer.from(JSON.stringify(change(value))).toString('base64url');
    return parts.join('.');
  };
  const refusal = async (token: string): Promise<string> => {
    at.honest.say({ kind: 'offer', token });
    const heard = await at.honest.heard();
    expect(at.robot.session.offers).toHaveLength(0);
    return heard;
  };

  test('changed fingerprint in the SDP', async () => {
    const { challenge } = await at.honest.hello();
    const sdp = 'v=0\r\na=fingerprint:sha-256 AA:BB\r\n';
    const token = await at.honest.offerToken(challenge, { sdp });
    const altered = alter(token, 1, (payload) => ({ ...payload, sdp: sdp.replace('AA', 'EE') }));
    expect(await refusal(altered)).toBe('refused: notAuthentic');
  });

  test('another key in the header, with its own or the original signature', async () => {
    const { challenge } = await at.honest.hello();
    const thief = await makeSigner();
    const token = await at.honest.offerToken(challenge);
    const swapped = alter(token, 0, (header) => ({ ...header, jwk: thief.jwk }));
    expect(await refusal(swapped)).toBe('refused: notAuthentic');
    const lie = await signToken({ key: thief.key, jwk: at.honest.signer.jwk }, TYP.offer, {
      ...at.honest.claims(challenge),
      sdp: 'v=0',
    });
    expect(await refusal(lie)).toBe('refused: notAuthentic');
    const own = await at.honest.token(TYP.offer, challenge, { sdp: 'v=0' }, thief);
    expect(await refusal(own)).toBe('refused: unknownDevice');
  });

  test('alg none, and HS256 with the public key as the secret', async () => {
    const { challenge } = await at.honest.hello();
    const token = await at.honest.offerToken(challenge);
    const none = alter(token, 0, (header) => ({ ...header, alg: 'none' }));
    expect(await refusal(none)).toBe('refused: notAuthentic');
    expect(await refusal(none.replace(/\.[^.]+$/, '.'))).toBe('refused: malformed');
    const secret = new TextEncoder().encode(JSON.stringify(at.honest.signer.jwk));
    const confused = await new CompactSign(
      new TextEncoder().encode(JSON.stringify({ ...at.honest.claims(challenge), sdp: 'v=0' })),
    )
      .setProtectedHeader({ alg: 'HS256', typ: TYP.offer, jwk: at.honest.signer.jwk })
      .sign(secret);
    expect(await refusal(confused)).toBe('refused: notAuthentic');
  });

  test('additional headers: kid, crit, b64, a private key', async () => {
    const { challenge } = await at.honest.hello();
    const token = await at.honest.offerToken(challenge);
    for (const more of [{ kid: '1' }, { crit: ['b64'], b64: false }, { jku: 'https://x' }])
      expect(await refusal(alter(token, 0, (header) => ({ ...header, ...more })))).toBe(
        'refused: notAuthentic',
      );
  });

  test('one type of token in place of another', async () => {
    const { challenge, encryptionKey } = await at.honest.hello();
    const { invitation } = await at.robot.invite();
    const claims = { invitation: invitation.secret };
    expect(await refusal(await at.honest.token(TYP.bind, challenge, claims))).toBe(
      'refused: notAuthentic',
    );
    expect(await refusal(await at.honest.token(TYP.bye, challenge, {}))).toBe(
      'refused: notAuthentic',
    );
    at.honest.say({
      kind: 'bind',
      token: await encryptJwe(encryptionKey, await at.honest.offerToken(challenge)),
    });
    expect(await at.honest.heard()).toBe('refused: notAuthentic');
    at.honest.say({ kind: 'bind', token: await at.honest.token(TYP.bind, challenge, claims) });
    expect(await at.honest.heard(), 'a bind outside its JWE').toBe('refused: notAuthentic');
  });

  test('for another robot, as another peer, with another challenge', async () => {
    const { challenge } = await at.honest.hello();
    for (const altered of [{ robot: 'robot-2' }, { peer: freshPeerId() }])
      expect(await refusal(await at.honest.offerToken(challenge, altered))).toBe(
        'refused: notAuthentic',
      );
    expect(await refusal(await at.honest.offerToken(freshNonce()))).toBe('refused: staleChallenge');
  });
});

describe('noise', () => {
  test('too long, not JSON, not UTF-8, unknown kinds, other topics', async () => {
    const up = topics.toRobot(at.honest.robot, at.honest.peer);
    at.honest.say('x'.repeat(MAX_SIGNAL_BYTES + 1));
    expect(await at.honest.heard()).toBe('refused: tooLong');
    at.broker.inject(up, Uint8Array.from([0xff, 0xfe]));
    expect(await at.honest.heard()).toBe('refused: malformed');
    for (const text of ['{', '[]', 'null', '{"kind":"open"}', '{"kind":"hello","nonce":"a"}']) {
      await at.clock.advance(2_000);
      at.honest.say(text);
      expect(await at.honest.heard()).toBe('refused: malformed');
    }
    at.broker.inject(topics.toRobot('robot-1', 'not-a-peer'), {
      kind: 'hello',
      nonce: freshNonce(),
    });
    expect(await settled(() => at.robot.refused('malformed') === 7)).toBe(true);
  });

  test('messages out of order', async () => {
    const stranger = await at.stranger();
    const { encryptionKey } = await at.honest.hello();
    const from = { ...(await at.honest.hello()), encryptionKey, challenge: freshNonce() };
    stranger.say({ kind: 'bind', token: await stranger.bindToken(from, freshNonce()) });
    expect(await stranger.heard()).toBe('refused: staleChallenge');
    stranger.say({ kind: 'offer', token: await stranger.offerToken(freshNonce()) });
    expect(await stranger.heard()).toBe('refused: staleChallenge');
    stranger.say({ kind: 'bye', token: await stranger.token(TYP.bye, freshNonce(), {}) });
    expect(await stranger.heard()).toBe('refused: unknownDevice');
  });

  test('JWEs encrypted to another key', async () => {
    const { publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    const { kty, crv, x, y } = await exportJWK(publicKey);
    const from = await at.honest.hello();
    const { secret } = (await at.robot.invite()).invitation;
    const other = { ...from, encryptionKey: { kty, crv, x, y } as typeof from.encryptionKey };
    at.honest.say({ kind: 'bind', token: await at.honest.bindToken(other, secret) });
    expect(await at.honest.heard()).toBe('refused: notAuthentic');
  });
});
