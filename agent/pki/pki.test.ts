import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequestGenerator,
  X509Certificate,
  X509Crl,
} from '@peculiar/x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALGORITHM, makeKeyPair } from '../../hal/common/certificate.ts';
import { answerCertificateRequest, type IssuerState } from './answer.ts';
import { type Authority, createAuthorities, openAuthority } from './authority.ts';
import { issueServer } from './issue.ts';
import { LIFETIME_MS } from './keys.ts';
import { commonNameOf, dnsNameOf, type Holder, holderOf } from './names.ts';
import { createRequest, examineRequest } from './request.ts';
import { createRevocationList } from './revocation.ts';
import { verifyClientChain } from './verify.ts';

const NOW = Date.UTC(2026, 8, 1);
const ID = '0'.repeat(32);
const holder: Holder = { kind: 'robot', id: 'robot-1' };
const made = await createAuthorities('norra', NOW);
const issuingCa: Authority = await openAuthority(made.issuing);
const keys = await makeKeyPair();
const publicKey = await crypto.subtle.exportKey('spki', keys.publicKey);
const csr = await createRequest(holder, keys);

const state: IssuerState = {
  ...{ fleet: 'norra', issuingCa, nowMs: NOW },
  knownRobots: new Set(['robot-1', 'robot-2']),
  revokedRobots: new Set(['robot-3']),
};
const asks = (request: string, robot = 'robot-1', topic = robot) =>
  answerCertificateRequest({ id: ID, robot, request }, topic, state);

async function issued(): Promise<string> {
  const { answer } = (await asks(csr)) ?? {};
  if (!answer || !('certificate' in answer)) throw new Error('not issued');
  return answer.certificate as string;
}
const chain = await issued();
const expected = { holder, fleet: 'norra', publicKey, root: made.root.cert, nowMs: NOW };

describe('names', () => {
  it('of a person never are those of a robot', () => {
    expect(commonNameOf(holder)).toBe('robot-1');
    expect(commonNameOf({ kind: 'person', id: 'robot-1' })).toBe('robot-1.person');
    expect(holderOf(dnsNameOf(holder, 'norra'), 'norra')).toEqual(holder);
    expect(holderOf(dnsNameOf(holder, 'norra'), 'soder')).toBeUndefined();
    expect(holderOf('robot-1.robot.norra.example', 'norra')).toBeUndefined();
  });
});

describe('a request', () => {
  const wish = (name: string, more = {}) =>
    Pkcs10CertificateRequestGenerator.create({
      ...{ name, keys, signingAlgorithm: ALGORITHM, ...more },
    }).then((request) => request.toString('pem'));

  it('of the holder is good', async () => {
    expect(await examineRequest(csr, holder)).toMatchObject({ ok: true });
  });

  it.each(['CN=robot-2', 'CN=robot-1, O=x', 'CN=robot-1, CN=robot-2', 'O=robot-1'])(
    'for %s is refused',
    async (name) => {
      expect(await examineRequest(await wish(name), holder)).toEqual({
        ...{ ok: false, reason: 'otherName' },
      });
    },
  );

  it('for an authority is refused', async () => {
    const extensions = [new BasicConstraintsExtension(true, 3, true)];
    const request = await wish('CN=robot-1', { extensions });
    expect(await examineRequest(request, holder)).toEqual({ ok: false, reason: 'authority' });
  });

  it.each([
    { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-256' },
    {
      ...{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048 },
      publicExponent: new Uint8Array([1, 0, 1]),
    },
  ])('with a key of $name $namedCurve is refused', async (algorithm) => {
    const other = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const request = await wish('CN=robot-1', {
      ...{ keys: other as CryptoKeyPair, signingAlgorithm: algorithm },
    });
    expect(await examineRequest(request, holder)).toEqual({ ok: false, reason: 'keyType' });
  });

  it('with a key that its sender does not have is refused', async () => {
    const mixed = { publicKey: keys.publicKey, privateKey: (await makeKeyPair()).privateKey };
    expect(await examineRequest(await createRequest(holder, mixed), holder)).toEqual({
      ...{ ok: false, reason: 'signature' },
    });
  });

  it('that is too long is not parsed', async () => {
    const long = csr + ' '.repeat(4_096);
    expect(await examineRequest(long, holder)).toEqual({ ok: false, reason: 'tooLong' });
  });

  it('with any other bytes is refused, and nothing is thrown', async () => {
    const bent = fc.tuple(fc.nat(csr.length - 1), fc.string({ maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(bent, async ([at, put]) => {
        const other = csr.slice(0, at) + put + csr.slice(at + 1);
        const examined = await examineRequest(other, holder);
        if (examined.ok) expect(Buffer.from(examined.publicKey.rawData)).toEqual(spki);
      }),
    );
  });
  const spki = Buffer.from(publicKey);
});

describe('the issuer', () => {
  it('issues what the robot verifies, valid in 1970 too', async () => {
    const end = { ok: true, notAfterMs: NOW + LIFETIME_MS.client };
    expect(await verifyClientChain(chain, expected)).toMatchObject(end);
    expect(await verifyClientChain(chain, { ...expected, nowMs: 0 })).toMatchObject(end);
  });

  it.each([
    ['robot-3', 'robot-3', 'revoked'],
    ['robot-9', 'robot-9', 'unknownRobot'],
    ['robot-2', 'robot-1', 'otherName'],
    ['robot-2', 'robot-2', 'otherName'],
  ])('refuses %s at the topic of %s: %s', async (robot, topic, refused) => {
    expect(await asks(csr, robot, topic)).toEqual({ answer: { id: ID, refused } });
  });

  it('does not answer what is no request', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await answerCertificateRequest(value, 'robot-1', state)).toBeUndefined();
      }),
    );
  });

  it('lists revoked certificates', async () => {
    const { serialNumber } = new X509Certificate(chain);
    const pem = await createRevocationList(issuingCa, [{ serial: serialNumber, atMs: NOW }]);
    expect(pem).toMatch(/^-----BEGIN X509 CRL-----\n/);
    const list = new X509Crl(pem);
    expect(list.findRevoked(serialNumber)?.serialNumber).toBe(serialNumber);
    expect(list.findRevoked('41')).toBeNull();
    expect(await list.verify({ publicKey: issuingCa.certificate })).toBe(true);
  });

  it('does not open a key of another authority', async () => {
    const mixed = { cert: made.root.cert, key: made.issuing.key };
    await expect(openAuthority(mixed)).rejects.toThrow(/of another certificate/);
  });
});

describe('a certificate is refused', () => {
  it.each([
    ['otherName', { holder: { kind: 'robot', id: 'robot-2' } as const }],
    ['otherName', { fleet: 'soder' }],
    ['expired', { nowMs: NOW + LIFETIME_MS.client }],
    ['otherKey', { publicKey: new ArrayBuffer(91) }],
  ])('%s', async (reason, change) => {
    expect(await verifyClientChain(chain, { ...expected, ...change })).toEqual({
      ...{ ok: false, reason },
    });
  });

  it('chain: of a fleet that calls itself the same', async () => {
    const { root } = await createAuthorities('norra', NOW);
    expect(await verifyClientChain(chain, { ...expected, root: root.cert })).toEqual({
      ...{ ok: false, reason: 'chain' },
    });
  });

  it('chain: without the issuing authority', async () => {
    const alone = new X509Certificate(chain).toString('pem');
    expect(await verifyClientChain(alone, expected)).toEqual({ ok: false, reason: 'chain' });
  });

  it('a broker’s is not a robot’s', async () => {
    const server = await issueServer(issuingCa, [{ type: 'dns', value: 'robot-1' }], NOW);
    expect(await verifyClientChain(server.cert, expected)).toMatchObject({ ok: false });
  });

  it.each(['', 'x', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'malformed: %j',
    async (pem) => {
      expect(await verifyClientChain(pem, expected)).toEqual({ ok: false, reason: 'malformed' });
    },
  );
});
