import { beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../wire/grant.ts';
import { encryptJwe } from '../wire/jwe.ts';
import { type OrderTrust, verifyOrder } from '../wire/order.ts';
import { TYP } from '../wire/signalling.ts';
import {
  type Person as Appointed,
  FLEET,
  freshId,
  freshRoot,
  freshSigner,
  NOW_S,
  ROBOT,
  SCHOOL,
} from '../wire/testing/fleet-people.ts';
import { signToken, thumbprint } from '../wire/token.ts';
import {
  grantTo,
  OrderSigner,
  readIdentity,
  readReceipt,
  replyBox,
  sealedSettings,
} from './person.ts';

const time = { nowMs: () => NOW_S * 1_000, newId: freshId };
let root: Appointed;
let trust: OrderTrust;

beforeAll(async () => {
  root = await freshRoot();
  trust = {
    ...{ fleet: FLEET, root: root.key, robot: ROBOT, school: SCHOOL, shown: false },
    ...{ certainlyPastS: 0, nowS: NOW_S, consentUntilS: 0 },
    ...{ isRevoked: () => false, lastN: () => -1 },
  };
});

describe('a person', () => {
  it('who was granted a role gives orders that a robot obeys, with numbers that grow', async () => {
    const signer = await freshSigner();
    const scope: Scope = { kind: 'schools', schools: [SCHOOL] };
    const grant = { holder: signer.jwk, role: 'coordinator', scope, days: 30 } as const;
    const { chain } = await grantTo({ ...time, person: { ...root, fleet: FLEET } }, grant);
    const desk = new OrderSigner({ ...time, person: { fleet: FLEET, signer, chain } });
    const numbers: number[] = [];
    for (let i = 0; i < 3; i++) {
      const verdict = await verifyOrder(
        await desk.sign({ robot: ROBOT, action: { kind: 'wipe' } }),
        { ...trust, lastN: () => numbers.at(-1) ?? -1 },
      );
      expect(verdict).toMatchObject({ ok: true, by: { role: 'coordinator' } });
      if (verdict.ok) numbers.push(verdict.order.n);
    }
  });

  it('opens only what was sealed for it', async () => {
    const [mine, other] = [await replyBox(), await replyBox()];
    const sealed = await encryptJwe(mine.replyKey, '{"link":"x"}', 'json');
    expect(await mine.open(sealed)).toBe('{"link":"x"}');
    expect(await other.open(sealed)).toBeUndefined();
    const secret = { section: 'wifi', version: 1, value: { passphrase: 'not on the wire' } };
    const sent = await sealedSettings({ encryptionKey: mine.replyKey }, secret);
    expect(JSON.stringify(sent)).not.toContain('not on the wire');
  });

  it('believes a robot by its key only', async () => {
    const signer = await freshSigner();
    const robotKey = await thumbprint(signer.jwk);
    const identity = {
      ...{ robot: ROBOT, encryptionKey: signer.jwk, fleet: FLEET, school: null },
      ...{ consentUntil: 0, iat: NOW_S, later: 'a newer field' },
    };
    const receipt = { robot: ROBOT, order: freshId(), at: NOW_S * 1_000, outcome: 'done' };
    const tokens = [
      await signToken(signer, TYP.identity, identity),
      await signToken(signer, TYP.receipt, receipt),
    ] as const;
    expect(await readIdentity(tokens[0], robotKey)).toMatchObject(identity);
    expect(await readReceipt(tokens[1], robotKey)).toMatchObject(receipt);
    expect(await readIdentity(tokens[0], root.key)).toBeUndefined();
    expect(await readReceipt(tokens[0], robotKey)).toBeUndefined();
  });
});
