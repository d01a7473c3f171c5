import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role, type Scope, signGrant } from './grant.ts';
import {
  type Action,
  type ActionKind,
  MAX_ORDER_S,
  ORDERED_BY,
  type OrderTrust,
  verifyOrder,
} from './order.ts';
import { TYP } from './signalling.ts';
import {
  appoint,
  FLEET,
  freshId,
  freshRoot,
  freshSigner,
  NOW_S,
  order,
  type Person,
  ROBOT,
  SCHOOL,
  YEAR_S,
} from './testing/fleet-people.ts';
import { signToken } from './token.ts';

const norra: Scope = { kind: 'schools', schools: [SCHOOL] };
const wipe: Action = { kind: 'wipe' };
let root: Person;
let central: Person;
let coordinator: Person;
let trust: OrderTrust;

beforeAll(async () => {
  root = await freshRoot();
  central = await appoint(root, 'central');
  coordinator = await appoint(central, 'coordinator', norra);
  trust = {
    ...{ fleet: FLEET, root: root.key, robot: ROBOT, school: SCHOOL, shown: false },
    ...{ certainlyPastS: NOW_S - YEAR_S, nowS: NOW_S, consentUntilS: 0 },
    ...{ isRevoked: () => false, lastN: () => -1 },
  };
});

const judge = async (
  signed: { order: string; chain: string[] },
  over: Partial<OrderTrust> = {},
) => {
  const verdict = await verifyOrder(signed, { ...trust, ...over });
  return verdict.ok ? 'ok' : verdict.reason;
};

describe('an order', () => {
  it('of the root, of the team, and of a coordinator for the own school is obeyed', async () => {
    for (const by of [root, central, coordinator])
      expect(await judge(await order(by, wipe))).toBe('ok');
  });

  it('is refused for another robot, school or fleet', async () => {
    expect(await judge(await order(coordinator, wipe), { robot: 'robot-2' })).toBe('wrongRobot');
    expect(await judge(await order(coordinator, wipe), { school: 'soedra' })).toBe('outOfScope');
    expect(await judge(await order(coordinator, wipe), { school: undefined })).toBe('outOfScope');
    expect(await judge(await order(coordinator, wipe), { fleet: 'borealis' })).toBe('wrongFleet');
    const other = await freshRoot();
    expect(await judge(await order(coordinator, wipe), { root: other.key })).toBe('notGranted');
    expect(await judge(await order(other, wipe))).toBe('notGranted');
  });

  it('is refused when it or a grant has ended, by whatever is known of the time', async () => {
    const signed = await order(coordinator, wipe);
    expect(await judge(signed, { nowS: NOW_S + 3_600 })).toBe('expired');
    // The clock was set back; what was certain before still counts.
    expect(await judge(signed, { nowS: NOW_S - YEAR_S, certainlyPastS: NOW_S + 3_600 })).toBe(
      'expired',
    );
    expect(await judge(signed, { nowS: NOW_S - 2 * 86_400 })).toBe('notYet');
    const ended = await appoint(central, 'coordinator', norra, { exp: NOW_S - 1 });
    expect(await judge(await order(ended, wipe))).toBe('grantExpired');
    const temporary = await appoint(root, 'central', { kind: 'fleet' }, { exp: NOW_S - 1 });
    const below = await appoint(temporary, 'coordinator', norra);
    expect(await judge(await order(below, wipe))).toBe('grantExpired');
    const long = await order(coordinator, wipe, { exp: NOW_S + MAX_ORDER_S + 1 });
    expect(await judge(long)).toBe('malformed');
  });

  it('with an unknown clock is believed at the robot only, and never after its end', async () => {
    const signed = await order(coordinator, wipe);
    expect(await judge(signed, { nowS: undefined })).toBe('clockUnknown');
    expect(await judge(signed, { nowS: undefined, shown: true })).toBe('ok');
    const late = { nowS: undefined, shown: true, certainlyPastS: NOW_S + 3_600 };
    expect(await judge(signed, late)).toBe('expired');
  });

  it('is refused when it, its grant or its key is not the newest or was revoked', async () => {
    const signed = await order(coordinator, wipe, { n: 7 });
    expect(await judge(signed, { lastN: (key) => (key === coordinator.key ? 7 : -1) })).toBe(
      'replayed',
    );
    expect(await judge(signed, { lastN: (key) => (key === coordinator.key ? 6 : 99) })).toBe('ok');
    for (const gone of [coordinator.key, central.key, root.key])
      expect(await judge(signed, { isRevoked: (one) => one === gone })).toBe('revoked');
    const id = freshId();
    const named = await appoint(central, 'coordinator', norra, { grant: id });
    expect(await judge(await order(named, wipe), { isRevoked: (one) => one === id })).toBe(
      'revoked',
    );
  });

  it('is refused when a chain has a gap, a foreign link, or gives what is not to be given', async () => {
    const signed = await order(coordinator, wipe);
    expect(await judge({ ...signed, chain: signed.chain.slice(1) })).toBe('notGranted');
    expect(await judge({ ...signed, chain: [...signed.chain].reverse() })).toBe('notGranted');
    expect(await judge({ ...signed, chain: [] })).toBe('notGranted');
    expect(await judge({ ...signed, chain: [...signed.chain, 'a.b.c'] })).toBe('malformed');
    const teacher = await appoint(coordinator, 'teacher', norra);
    const usurper = await appoint(teacher, 'coordinator', norra);
    expect(await judge(await order(usurper, wipe))).toBe('roleForbids');
    const promoted = await appoint(coordinator, 'central');
    expect(await judge(await order(promoted, wipe))).toBe('roleForbids');
    // A coordinator of one school cannot make a teacher of another one.
    const elsewhere = await appoint(coordinator, 'teacher', { kind: 'fleet' });
    const identify: Action = { kind: 'identify', seconds: 5 };
    expect(await judge(await order(elsewhere, identify), { school: 'soedra' })).toBe('outOfScope');
    expect(await judge(await order(elsewhere, identify))).toBe('ok');
  });

  it('of support needs the consent of the school, while it lasts', async () => {
    const support = await appoint(central, 'support');
    const signed = await order(support, { kind: 'restart', what: 'agent' });
    expect(await judge(signed)).toBe('noConsent');
    expect(await judge(signed, { consentUntilS: NOW_S + 60 })).toBe('ok');
    expect(await judge(signed, { consentUntilS: NOW_S })).toBe('noConsent');
    const blind = { nowS: undefined, shown: true, consentUntilS: NOW_S + 60 };
    expect(await judge(signed, blind)).toBe('noConsent');
  });

  it('of a newer version is told from a malformed one, and a grant with a new field is refused', async () => {
    const token = (payload: object) => signToken(coordinator.signer, TYP.order, payload);
    const header = {
      fleet: FLEET,
      robot: ROBOT,
      order: freshId(),
      n: 1,
      iat: NOW_S,
      exp: NOW_S + 9,
    };
    const chain = [...coordinator.chain];
    expect(await judge({ order: await token({ ...header, do: { kind: 'dance' } }), chain })).toBe(
      'unknownAction',
    );
    expect(
      await judge({ order: await token({ ...header, do: { kind: 'wipe', only: 'mood' } }), chain }),
    ).toBe('malformed');
    expect(
      await judge({ order: await token({ ...header, do: { kind: 'toString' } }), chain }),
    ).toBe('unknownAction');
    const signer = await freshSigner();
    const grant = {
      fleet: FLEET,
      grant: freshId(),
      holder: signer.jwk,
      role: 'coordinator',
      scope: norra,
    };
    const restricted = { ...grant, iat: NOW_S, exp: NOW_S + 99, hours: 'mornings' };
    const strange = await signToken(central.signer, TYP.grant, restricted);
    const person = { signer, key: '', chain: [...central.chain, strange] };
    expect(await judge(await order(person, wipe))).toBe('malformed');
  });

  it('is not another kind of token, and another algorithm or key in its header is refused', async () => {
    const signed = await order(coordinator, wipe);
    const asGrant = { order: signed.chain[0] ?? '', chain: signed.chain };
    expect(await judge(asGrant)).toBe('notAuthentic');
    const thief = await freshSigner();
    const forged = await order({ ...coordinator, signer: thief }, wipe);
    expect(await judge(forged)).toBe('notGranted');
  });

  it('survives no changed character', async () => {
    const signed = await order(coordinator, wipe);
    const all = [signed.order, ...signed.chain];
    await fc.assert(
      fc.asyncProperty(fc.nat(all.length - 1), fc.nat(), fc.nat(63), async (which, at, to) => {
        const changed = all.map((token, i) =>
          i === which ? bend(token, at % token.length, to) : token,
        );
        const [token = '', ...chain] = changed;
        if (changed.join() !== all.join())
          expect(await judge({ order: token, chain })).not.toBe('ok');
      }),
      { numRuns: 150 },
    );
  });
});

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
function bend(token: string, at: number, to: number): string {
  if (token[at] === '.') return token;
  return token.slice(0, at) + ALPHABET[to] + token.slice(at + 1);
}

describe('least authority', () => {
  const key = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } as const;
  const actions: { readonly [K in ActionKind]: Extract<Action, { kind: K }> } = {
    join: { kind: 'join', school: SCHOOL, robotKey: 'A'.repeat(43) },
    leave: { kind: 'leave' },
    assign: { kind: 'assign', days: 7, replyKey: key },
    invite: { kind: 'invite', days: 7, replyKey: key },
    wipe: { kind: 'wipe' },
    rotateKeys: { kind: 'rotateKeys' },
    configure: {
      kind: 'configure',
      settings: { section: 'log', version: 1, value: { level: 'info' } },
    },
    restart: { kind: 'restart', what: 'agent' },
    identify: { kind: 'identify', seconds: 5 },
    logs: { kind: 'logs', lines: 10, level: 'info', replyKey: key },
    allowLesson: { kind: 'allowLesson', from: 0, until: 1 },
    timetable: { kind: 'timetable', timetable: '{}' },
    consent: { kind: 'consent', until: NOW_S + 60 },
    revoke: { kind: 'revoke', revoked: ['0'.repeat(32)] },
  };

  it.each(ROLES)('%s may order what the table says, and nothing else', async (role: Role) => {
    const person = await appoint(role === 'teacher' ? coordinator : root, role, norra);
    for (const [kind, action] of Object.entries(actions)) {
      const verdict = await judge(await order(person, action), { consentUntilS: NOW_S + 60 });
      const may = ORDERED_BY[kind as ActionKind].includes(role);
      expect([kind, verdict]).toEqual([kind, may ? 'ok' : 'roleForbids']);
    }
  });

  it('has no order that begins a session', () => {
    expect(
      Object.keys(ORDERED_BY).filter((kind) => /session|call|join-class|watch|camera/.test(kind)),
    ).toEqual([]);
  });

  it('does not let a grant be signed that no reader would take', async () => {
    const signer = await freshSigner();
    const grant = {
      fleet: FLEET,
      grant: 'x',
      holder: signer.jwk,
      role: 'central',
      iat: 0,
      exp: 1,
    } as const;
    expect(() => signGrant(signer, { ...grant, scope: { kind: 'fleet' } })).toThrow(
      /32 hex digits/,
    );
  });
});
