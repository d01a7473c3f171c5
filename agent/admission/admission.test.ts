import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admissionDocument } from '../../scripts/docs/admission.ts';
import { wellBody } from '../testing/fake-firmware.ts';
import { TRUSTS } from '../wire/time-mark.ts';
import { admit, commandRefusal, may, offerRefusal, type Reason } from './admit.ts';
import { bodyFacts, type Capability, capabilities, type Facts, headOf, pupilOf } from './facts.ts';
import { rules } from './rules.ts';

const everything = Object.keys(capabilities) as Capability[];

/** A pupil in class, with nothing that would refuse anything. */
const lesson: Facts = {
  ...{ device: 'bound', invitation: 'dated', clock: 'sure', registry: 'room', stopping: false },
  ...{
    battery: 'good',
    heat: 'good',
    lesson: 'granted',
    offer: 'newest',
    holder: 'connection',
    pupil: 'inClass',
    body: 'well',
  },
  ...{ paused: false, head: 'turns', picture: true, listenOnly: false },
  // Nobody scans during a lesson: these two go beside it.
  ...{ robot: 'free', pairing: 'open' },
};

/** One row per rule: the facts that trigger it, and what is refused for that reason only. */
const rows: Record<Reason, readonly [Partial<Facts>, ...Capability[]]> = {
  unknownDevice: [{ device: 'unknown' }, 'signal', 'session', 'restart'],
  invitationUnknown: [{ invitation: 'unknown' }, 'bind'],
  invitationUsed: [{ invitation: 'used' }, 'bind'],
  invitationExpired: [{ invitation: 'over' }, 'bind'],
  clockUnknown: [{ clock: 'lent' }, 'bind'],
  registryFull: [{ registry: 'full' }, 'bind'],
  stopping: [{ stopping: true }, 'session', 'scanning'],
  batteryEmpty: [{ battery: 'empty' }, 'session', 'scanning'],
  tooHot: [{ heat: 'critical' }, 'session', 'scanning'],
  notInLesson: [{ lesson: 'notNow' }, 'session'],
  overtaken: [{ offer: 'overtaken' }, 'session'],
  inUse: [{ holder: 'other' }, 'session'],
  noConnection: [{ holder: 'device' }, 'restart'],
  nobody: [{ pupil: 'none' }, 'wake', 'sensing', 'voice', 'attend', 'motion', 'pointing'],
  connecting: [{ pupil: 'coming' }, 'voice', 'attend', 'motion', 'pointing'],
  interrupted: [{ pupil: 'gone' }, 'sensing', 'voice', 'attend', 'motion', 'pointing'],
  paused: [{ paused: true }, 'sensing', 'voice', 'motion', 'pointing', 'scanning'],
  noPicture: [{ picture: false }, 'pointing'],
  bodyAway: [{ body: 'away' }, 'sensing', 'voice', 'motion', 'pointing', 'scanning'],
  noButton: [{ body: 'noButton' }, 'sensing', 'voice', 'scanning'],
  headStill: [{ head: 'still' }, 'motion', 'pointing'],
  notPairing: [{ pairing: 'closed' }, 'scanning'],
  taken: [{ robot: 'taken' }, 'scanning'],
  listenOnly: [{ listenOnly: true }, 'voice'],
};

/** Values of each fact, from most to least permissive. */
const best: { readonly [F in keyof Facts]: readonly Facts[F][] } = {
  device: ['bound', 'unknown'],
  invitation: ['running', 'dated', 'over', 'used', 'unknown'],
  clock: [...TRUSTS].reverse(),
  registry: ['room', 'full'],
  stopping: [false, true],
  battery: ['good', 'low', 'critical', 'unknown', 'empty'],
  heat: ['good', 'warm', 'hot', 'unknown', 'critical'],
  lesson: ['noTimetable', 'granted', 'notNow', 'unknown'],
  offer: ['newest', 'overtaken'],
  holder: ['connection', 'device', 'nobody', 'other'],
  pupil: ['inClass', 'coming', 'gone', 'none'],
  body: ['well', 'noButton', 'away'],
  paused: [false, true],
  head: ['turns', 'still'],
  picture: [true, false],
  listenOnly: [false, true],
  robot: ['free', 'taken'],
  pairing: ['open', 'closed'],
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
  lesson: anyOf('lesson'),
  offer: anyOf('offer'),
  holder: anyOf('holder'),
  pupil: anyOf('pupil'),
  body: anyOf('body'),
  paused: anyOf('paused'),
  head: anyOf('head'),
  picture: anyOf('picture'),
  listenOnly: anyOf('listenOnly'),
  robot: anyOf('robot'),
  pairing: anyOf('pairing'),
});
/** Half of the cases in class with a healthy body, as most of the table applies only there. */
const facts = anyFacts.chain((now) =>
  fc.constantFrom<Facts[]>(now, { ...now, pupil: 'inClass', body: 'well' }),
);

describe('admission', () => {
  it('has a row for each rule, with unique names', () => {
    expect(rules.map(({ name }) => name)).toEqual(Object.keys(rows));
    for (const { words, why, name } of rules) expect([name, words, why]).not.toContain('');
    for (const { name } of rules) expect(admissionDocument()).toContain(`| \`${name}\` |`);
  });

  it('allows everything in an undisturbed lesson', () => {
    expect(everything.filter((capability) => !may(capability, lesson))).toEqual([]);
  });

  it.each(Object.entries(rows))(
    '%s refuses what its row lists',
    (reason, [hindrance, ...refused]) => {
      const now = { ...lesson, ...hindrance };
      const found = everything.filter((capability) => {
        const verdict = admit(capability, now);
        return !verdict.ok && verdict.reason === reason;
      });
      // Another rule may apply as well: a different device has no connection here.
      expect(found.sort()).toEqual([...refused].sort());
    },
  );

  it('every refusal has an answer for its channel', () => {
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

  it('is monotonic: a less permissive fact never allows what was refused', () => {
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

  it('allows sensing only in a session, with a healthy body and no pause; voice and motion likewise', () => {
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

  it('reads codes only for somebody at the robot, without a pupil, unpaused and pausable', () => {
    let seen = 0;
    fc.assert(
      fc.property(facts, (now) => {
        if (!may('scanning', now)) return;
        seen += 1;
        expect([now.pairing, now.robot, now.paused, now.body, now.stopping]).toEqual([
          ...['open', 'free', false, 'well', false],
        ]);
        expect(now.battery === 'empty' || now.heat === 'critical').toBe(false);
      }),
      { numRuns: 2_000 },
    );
    expect(seen).toBeGreaterThan(20);
  });

  it('lets nobody in with an uncertain date, with an unknown key, or beside another pupil', () => {
    fc.assert(
      fc.property(facts, (now) => {
        const judged = now.clock === 'agreed' || now.clock === 'sure';
        if (may('bind', now) && !judged) expect(now.invitation).toBe('running');
        if (may('signal', now)) expect(now.device).toBe('bound');
        if (!may('session', now)) return;
        expect([now.device, now.stopping, now.offer]).toEqual(['bound', false, 'newest']);
        expect(now.holder).not.toBe('other');
        expect(now.battery === 'empty' || now.heat === 'critical').toBe(false);
        expect(['granted', 'noTimetable']).toContain(now.lesson);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes body facts from firmware, and assumes nothing while it is silent', () => {
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
