import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admissionDocument } from '../../scripts/docs/admission.ts';
import { wellBody } from '../testing/fake-firmware.ts';
import { TRUSTS } from '../wire/time-mark.ts';
import { admit, commandRefusal, may, offerRefusal, type Reason } from './admit.ts';
import { bodyFacts, type Capability, capabilities, type Facts, headOf, pupilOf } from './facts.ts';
import { rules } from './rules.ts';

const everything = Object.keys(capabilities) as Capability[];

/** A pupil in class, and nothing in the way. */
const lesson: Facts = {
  ...{ device: 'bound', invitation: 'dated', clock: 'sure', registry: 'room', stopping: false },
  ...{
    battery: 'good',
    heat: 'good',
    offer: 'newest',
    holder: 'connection',
    pupil: 'inClass',
    body: 'well',
  },
  ...{ paused: false, head: 'turns', picture: true, listenOnly: false },
};

/** Each rule's row: what is in the way, and what is refused for that reason and no other. */
const rows: Record<Reason, readonly [Partial<Facts>, ...Capability[]]> = {
  unknownDevice: [{ device: 'unknown' }, 'signal', 'session', 'restart'],
  invitationUnknown: [{ invitation: 'unknown' }, 'bind'],
  invitationUsed: [{ invitation: 'used' }, 'bind'],
  invitationExpired: [{ invitation: 'over' }, 'bind'],
  clockUnknown: [{ clock: 'lent' }, 'bind'],
  registryFull: [{ registry: 'full' }, 'bind'],
  stopping: [{ stopping: true }, 'session'],
  batteryEmpty: [{ battery: 'empty' }, 'session'],
  tooHot: [{ heat: 'critical' }, 'session'],
  overtaken: [{ offer: 'overtaken' }, 'session'],
  inUse: [{ holder: 'other' }, 'session'],
  noConnection: [{ holder: 'device' }, 'restart'],
  nobody: [{ pupil: 'none' }, 'wake', 'sensing', 'voice', 'attend', 'motion', 'pointing'],
  connecting: [{ pupil: 'coming' }, 'voice', 'attend', 'motion', 'pointing'],
  interrupted: [{ pupil: 'gone' }, 'sensing', 'voice', 'attend', 'motion', 'pointing'],
  paused: [{ paused: true }, 'sensing', 'voice', 'motion', 'pointing'],
  noPicture: [{ picture: false }, 'pointing'],
  bodyAway: [{ body: 'away' }, 'sensing', 'voice', 'motion', 'pointing'],
  noButton: [{ body: 'noButton' }, 'sensing', 'voice'],
  headStill: [{ head: 'still' }, 'motion', 'pointing'],
  listenOnly: [{ listenOnly: true }, 'voice'],
};

/** Of each fact, what is better for whoever asks comes first. */
const best: { readonly [F in keyof Facts]: readonly Facts[F][] } = {
  device: ['bound', 'unknown'],
  invitation: ['running', 'dated', 'over', 'used', 'unknown'],
  clock: [...TRUSTS].reverse(),
  registry: ['room', 'full'],
  stopping: [false, true],
  battery: ['good', 'low', 'critical', 'unknown', 'empty'],
  heat: ['good', 'warm', 'hot', 'unknown', 'critical'],
  offer: ['newest', 'overtaken'],
  holder: ['connection', 'device', 'nobody', 'other'],
  pupil: ['inClass', 'coming', 'gone', 'none'],
  body: ['well', 'noButton', 'away'],
  paused: [false, true],
  head: ['turns', 'still'],
  picture: [true, false],
  listenOnly: [false, true],
};

const anyOf = <F extends keyof Facts>(fact: F) => fc.constantFrom<Facts[F][]>(...best[fact]);
const anyFacts: fc.Arbitrary<Facts> = fc.record({
  device: anyOf('device'),
  invitation: anyOf('invitation'),
  clock: anyOf('clock'),
  registry: anyOf('registry'),
  stopping: anyOf('stopping'),
  battery: anyOf('battery'),
  heat: anyOf('heat'),
  offer: anyOf('offer'),
  holder: anyOf('holder'),
  pupil: anyOf('pupil'),
  body: anyOf('body'),
  paused: anyOf('paused'),
  head: anyOf('head'),
  picture: anyOf('picture'),
  listenOnly: anyOf('listenOnly'),
});
/** Half of them in class with a body that is well: most of the table is behind that. */
const facts = anyFacts.chain((now) =>
  fc.constantFrom<Facts[]>(now, { ...now, pupil: 'inClass', body: 'well' }),
);

describe('admission', () => {
  it('has a row for each rule, and no two of a name', () => {
    expect(rules.map(({ name }) => name)).toEqual(Object.keys(rows));
    for (const { words, why, name } of rules) expect([name, words, why]).not.toContain('');
    for (const { name } of rules) expect(admissionDocument()).toContain(`| \`${name}\` |`);
  });

  it('allows all of a lesson with nothing in the way', () => {
    expect(everything.filter((capability) => !may(capability, lesson))).toEqual([]);
  });

  it.each(Object.entries(rows))(
    '%s refuses what its row says',
    (reason, [hindrance, ...refused]) => {
      const now = { ...lesson, ...hindrance };
      const found = everything.filter((capability) => {
        const verdict = admit(capability, now);
        return !verdict.ok && verdict.reason === reason;
      });
      // Another hindrance may come with it: whoever is another device has no connection here.
      expect(found.sort()).toEqual([...refused].sort());
    },
  );

  it('tells each who is refused in the words of that channel', () => {
    for (const { refuses, told, name } of rules) {
      const offers = refuses.some((one) => /^(bind|signal|session|restart)$/.test(one));
      const commands = refuses.some((one) => /^(attend|motion|pointing)$/.test(one));
      expect([name, told.offer !== undefined]).toEqual([name, offers]);
      expect([name, told.command !== undefined]).toEqual([name, commands]);
    }
    expect(offerRefusal(admit('session', { ...lesson, holder: 'other' }))).toBe('inUse');
    expect(commandRefusal(admit('motion', { ...lesson, paused: true }))).toBe('paused');
    expect(offerRefusal({ ok: true })).toBeUndefined();
  });

  it('never allows for one more hindrance what it refused without', () => {
    const names = Object.keys(best) as (keyof Facts)[];
    fc.assert(
      fc.property(facts, fc.constantFrom(...names), fc.nat(3), (now, name, more) => {
        const order: readonly unknown[] = best[name];
        const worse = order[Math.min(order.indexOf(now[name]) + more, order.length - 1)];
        for (const capability of everything)
          if (!may(capability, now)) expect(may(capability, { ...now, [name]: worse })).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('watches only in a session, with a body that is well and no pause; speaks and turns no sooner', () => {
    let seen = 0;
    fc.assert(
      fc.property(facts, (now) => {
        const watches = may('sensing', now);
        if (watches) {
          seen += 1;
          expect([now.body, now.paused]).toEqual(['well', false]);
          expect(['inClass', 'coming']).toContain(now.pupil);
          expect(may('wake', now)).toBe(true);
        }
        if (may('voice', now)) expect([watches, now.listenOnly]).toEqual([true, false]);
        if (may('pointing', now)) expect([may('motion', now), now.picture]).toEqual([true, true]);
        if (may('motion', now)) expect([may('attend', now), now.paused]).toEqual([true, false]);
        if (may('motion', now)) expect(now.body).not.toBe('away');
        if (now.pupil === 'none') expect(may('wake', now)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('lets nobody in by a date that nobody knows, by an unknown key, or beside another pupil', () => {
    fc.assert(
      fc.property(facts, (now) => {
        const judged = now.clock === 'agreed' || now.clock === 'sure';
        if (may('bind', now) && !judged) expect(now.invitation).toBe('running');
        if (may('signal', now)) expect(now.device).toBe('bound');
        if (!may('session', now)) return;
        expect([now.device, now.stopping, now.offer]).toEqual(['bound', false, 'newest']);
        expect(now.holder).not.toBe('other');
        expect(now.battery === 'empty' || now.heat === 'critical').toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the body as firmware tells it, and nothing into its silence', () => {
    const body = wellBody(0);
    expect(bodyFacts(body)).toEqual({ body: 'well', battery: 'good', heat: 'good' });
    for (const fault of ['teacherButton', 'pauseMemory'])
      expect(bodyFacts({ ...body, faults: [fault] }).body).toBe('noButton');
    expect(bodyFacts(undefined)).toEqual({ body: 'away', battery: 'unknown', heat: 'unknown' });
    expect([headOf(body), headOf(undefined)]).toEqual(['turns', 'still']);
    for (const motion of ['off', 'absent'] as const)
      expect(headOf({ ...body, motion })).toBe('still');
    expect((['asleep', 'waking', 'blind'] as const).map(pupilOf)).toEqual([
      ...['none', 'coming', 'inClass'],
    ]);
  });
});
