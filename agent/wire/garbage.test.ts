/** Every decoder of the wire rejects garbage, and never throws. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as control from './control.ts';
import * as fleet from './fleet.ts';
import { formatInvitation, parseInvitation } from './invitation.ts';
import { decryptJwe, encryptJwe } from './jwe.ts';
import * as signalling from './signalling.ts';
import { freshNonce, freshPeerId, openToken, publicJwk, type Signer, signToken } from './token.ts';
import { peerOf, topics } from './topics.ts';
import { CandidatesPayload } from './trickle.ts';

const { LookMessage } = control;
const { OfferPayload, SignalDown, SignalUp, TYP } = signalling;

/** All schemas of these modules. */
const decoders = Object.entries<unknown>({
  ...control,
  ...fleet,
  ...signalling,
  CandidatesPayload,
}).filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType);

const words = [
  'kind',
  'seq',
  'token',
  'nonce',
  'look',
  'hello',
  'offer',
  'pan',
  '__proto__',
  'iat',
];
const key = fc.oneof(fc.constantFrom(...words), fc.string());
const leaf = fc.oneof(fc.constantFrom(...words), fc.string(), fc.double(), fc.boolean());
const garbage = fc.oneof(
  fc.anything(),
  fc.dictionary(key, fc.oneof(leaf, fc.constant(null), fc.dictionary(key, leaf))),
);

describe('schemas', () => {
  test.each(decoders)('%s accepts no garbage and never throws', (_name, decoder) => {
    fc.assert(fc.property(garbage, (value) => decoder.safeParse(value).success === false));
  });

  const hello = { kind: 'hello', nonce: 'A'.repeat(22) };
  const look = { kind: 'look', seq: 1, pan: 10, tilt: -5 };

  test('signalling ignores fields of a newer version; unknown kinds are refused', () => {
    fc.assert(
      fc.property(fc.string(), fc.anything(), (name, value) => {
        if (['kind', 'nonce', 'features', 'device', '__proto__'].includes(name)) return;
        expect(SignalUp.parse({ ...hello, [name]: value })).toEqual(hello);
        expect(SignalUp.safeParse({ ...hello, kind: name }).success).toBe(false);
      }),
    );
  });

  test('a command with an unknown field is refused', () => {
    fc.assert(
      fc.property(fc.string(), fc.anything(), (name, value) => {
        if (name in look || name === '__proto__') return;
        expect(LookMessage.safeParse({ ...look, [name]: value }).success).toBe(false);
      }),
    );
  });

  test('angles out of range, not finite, or not numbers', () => {
    fc.assert(
      fc.property(fc.anything(), (pan) => {
        const fits = typeof pan === 'number' && pan >= -180 && pan <= 180;
        return LookMessage.safeParse({ ...look, pan }).success === fits;
      }),
    );
  });
});

describe('a token', () => {
  const signed = ['a.b.c', 'a..c', 'a.b.'];
  const sealed = ['a.b.c.d.e', 'a..c.d.e'];
  test.each([...signed, ...sealed])('may be %j', (token) => {
    expect(SignalUp.parse({ kind: 'offer', token })).toEqual({ kind: 'offer', token });
  });

  test.each([
    ...['', ' ', 'a', 'a.b', 'a.b.c.d', 'a.b.c.d.e.f', '.b.c', 'a.b.c ', 'a.b.c\n', 'a.b.é'],
    `a.${'b'.repeat(40_000)}.c`,
  ])('is never %j', (token) => {
    expect(SignalUp.safeParse({ kind: 'offer', token }).success).toBe(false);
    expect(SignalDown.safeParse({ kind: 'answer', token }).success).toBe(false);
  });
});

describe('topics and invitations', () => {
  test('a peer id is read from its own topic only', () => {
    const peer = freshPeerId();
    expect(peerOf('robot-1', topics.toRobot('robot-1', peer))).toBe(peer);
    expect(peerOf('robot-1', topics.toRobot('robot-2', peer))).toBeUndefined();
    expect(peerOf('robot-1', topics.toPeer('robot-1', peer))).toBeUndefined();
    expect(peerOf('robot-1', topics.toRobot('robot-1', `${peer}/x`))).toBeUndefined();
    fc.assert(fc.property(fc.string(), (topic) => peerOf('robot-1', topic) === undefined));
  });

  const base64url = (length: number): fc.Arbitrary<string> =>
    fc.stringMatching(new RegExp(`^[A-Za-z0-9_-]{${length}}$`));
  const invitation = fc.record({
    robot: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/),
    secret: base64url(22),
    robotKey: base64url(43),
    expires: fc.integer({ min: 1 }),
    broker: fc.webUrl({ validSchemes: ['ws', 'wss'], size: 'small' }),
  });

  test('a link round-trips, with everything behind the #', () => {
    fc.assert(
      fc.property(invitation, (value) => {
        const link = new URL(formatInvitation('https://pupil.example/join', value));
        expect(parseInvitation(link.hash)).toEqual({ ok: true, invitation: value });
        expect(link.pathname + link.search).toBe('/join');
      }),
    );
  });

  test('a truncated or invalid link: the wrong field is named, never an exception', () => {
    fc.assert(
      fc.property(invitation, fc.nat(), (value, at) => {
        const { hash } = new URL(formatInvitation('https://p.example/', value));
        const parsed = parseInvitation(hash.slice(0, at % hash.indexOf('&b=')));
        return !parsed.ok && parsed.why.length > 0;
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => parseInvitation(text).ok === false));
    expect(parseInvitation('x'.repeat(2_000))).toEqual({ ok: false, why: 'the link is too long' });
  });
});

describe('tokens and JWEs', () => {
  let signer: Signer;
  let token: string;
  let jwe: string;
  let privateKey: CryptoKey;

  beforeAll(async () => {
    const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
    const pair = await crypto.subtle.generateKey(ecdsa, false, ['sign', 'verify']);
    const jwk = publicJwk(await crypto.subtle.exportKey('jwk', pair.publicKey));
    signer = { key: pair.privateKey, jwk };
    const claims = { robot: 'robot-1', peer: freshPeerId(), challenge: freshNonce(), iat: 1 };
    token = await signToken(signer, TYP.offer, { ...claims, sdp: 'v=0' });
    const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
    const keys = await crypto.subtle.generateKey(ecdh, false, ['deriveBits']);
    privateKey = keys.privateKey;
    jwe = await encryptJwe(publicJwk(await crypto.subtle.exportKey('jwk', keys.publicKey)), token);
  });

  const opens = async (text: string): Promise<boolean> =>
    (await openToken(text, TYP.offer, OfferPayload)).ok;
  const digit = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0189-_.');

  test('one character changed anywhere: no token, no JWE', async () => {
    expect(await opens(token)).toBe(true);
    expect(await decryptJwe(privateKey, jwe)).toBe(token);
    await fc.assert(
      fc.asyncProperty(fc.nat(), digit, async (at, other) => {
        const change = (text: string): string => {
          const place = at % text.length;
          return text.slice(0, place) + other + text.slice(place + 1);
        };
        if (change(token) !== token) expect(await opens(change(token))).toBe(false);
        // A part's last character has spare bits; if it decrypts, it is to the same token.
        const inside = await decryptJwe(privateKey, change(jwe));
        expect([undefined, token]).toContain(inside);
      }),
      { numRuns: 300 },
    );
  });

  test('truncated, extended, recombined, or no token at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.string(), async (at, text) => {
        expect(await opens(token.slice(0, at % token.length))).toBe(false);
        expect(await decryptJwe(privateKey, jwe.slice(0, at % jwe.length))).toBeUndefined();
        if (text !== '') expect(await opens(token + text)).toBe(false);
        expect(await opens(text)).toBe(false);
        expect(await decryptJwe(privateKey, text)).toBeUndefined();
        expect(await opens([text, text, text].join('.'))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('signed garbage is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, leaf), async (payload) => {
        expect(await opens(await signToken(signer, TYP.offer, payload))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
