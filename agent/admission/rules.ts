/**
 * The one table of who may do what. A rule says what it refuses and which answer is sent; what no
 * rule refuses is allowed. Where several apply, the first gives the reason. docs/admission.md is
 * generated from this file (`npm run docs`).
 *
 * Rules only refuse: adding a rule, or making a fact less permissive, never allows more. In doubt,
 * camera and microphone stay off.
 */
import { judges } from '../time/moment.ts';
import type { CommandRefusal } from '../wire/control.ts';
import type { AccessRefusal } from '../wire/signalling.ts';
import type { Capability, DecidedBy, Fact, Facts } from './facts.ts';

/** The answer to the pupil's device; without one, the published state is sufficient. */
export interface RefusalAnswer {
  readonly offer?: AccessRefusal;
  readonly command?: CommandRefusal;
}

interface Rule<N extends string = string> {
  /** Also the reason in logs. */
  readonly name: N;
  /** The facts that it reads. */
  readonly on: readonly Fact[];
  readonly refuses: readonly Capability[];
  readonly when: (facts: Facts) => boolean;
  /** `when` in words. */
  readonly words: string;
  readonly told: RefusalAnswer;
  readonly why: string;
}

/** Compiles only if every refused capability is decided on the facts that the rule reads. */
function rule<const N extends string, F extends Fact>(
  rule: Omit<Rule<N>, 'on' | 'refuses' | 'when'> & {
    readonly on: readonly F[];
    readonly refuses: readonly DecidedBy<NoInfer<F>>[];
    readonly when: (facts: Pick<Facts, NoInfer<F>>) => boolean;
  },
): Rule<N> {
  return rule;
}

const SENSES = ['sensing', 'voice'] as const;
const HEAD = ['motion', 'pointing'] as const;

export const rules = [
  rule({
    name: 'unknownDevice',
    on: ['device'],
    refuses: ['signal', 'session', 'restart'],
    when: ({ device }) => device !== 'bound',
    words: 'the device was never bound here, or not any more',
    told: { offer: 'unknownDevice' },
    why: 'only a key that came in by an invitation is believed; revoking takes it away at once',
  }),
  rule({
    name: 'invitationUnknown',
    on: ['invitation'],
    refuses: ['bind'],
    when: ({ invitation }) => invitation === 'unknown',
    words: 'the secret is of no invitation',
    told: { offer: 'invitationUnknown' },
    why: 'whoever guesses is told no more than that',
  }),
  rule({
    name: 'invitationUsed',
    on: ['invitation'],
    refuses: ['bind'],
    when: ({ invitation }) => invitation === 'used',
    words: 'another device has used it',
    told: { offer: 'invitationUsed' },
    why: 'an invitation is good once: a link that was passed on opens nothing',
  }),
  rule({
    name: 'invitationExpired',
    on: ['invitation'],
    refuses: ['bind'],
    when: ({ invitation }) => invitation === 'over',
    words: 'its time is over, by whatever counts it',
    told: { offer: 'invitationExpired' },
    why: 'a link that lies in a mailbox is no key for ever',
  }),
  rule({
    name: 'clockUnknown',
    on: ['invitation', 'clock'],
    refuses: ['bind'],
    when: ({ invitation, clock }) => invitation === 'dated' && !judges(clock),
    words: 'it is good until a date, and nobody vouches for the time of day',
    told: { offer: 'clockUnknown' },
    why: 'a robot that believed any clock would take an old invitation for a new one',
  }),
  rule({
    name: 'registryFull',
    on: ['registry'],
    refuses: ['bind'],
    when: ({ registry }) => registry !== 'room',
    words: 'the device registry is full',
    told: { offer: 'notAvailable' },
    why: 'nobody is pushed out by whoever comes later',
  }),
  rule({
    name: 'stopping',
    on: ['stopping'],
    refuses: ['session', 'scanning'],
    when: ({ stopping }) => stopping,
    words: 'the robot is being stopped or started anew',
    told: { offer: 'notAvailable' },
    why: 'a lesson that begins now would end in a second',
  }),
  rule({
    name: 'batteryEmpty',
    on: ['battery'],
    refuses: ['session', 'scanning'],
    when: ({ battery }) => battery === 'empty',
    words: 'the battery is empty',
    told: { offer: 'notAvailable' },
    why: 'firmware is about to switch off; a lesson that runs is ended by its word',
  }),
  rule({
    name: 'tooHot',
    on: ['heat'],
    refuses: ['session', 'scanning'],
    when: ({ heat }) => heat === 'critical',
    words: 'the body is critically hot',
    told: { offer: 'notAvailable' },
    why: 'as with the battery',
  }),
  rule({
    name: 'notInLesson',
    on: ['lesson'],
    refuses: ['session'],
    when: ({ lesson }) => lesson !== 'granted' && lesson !== 'noTimetable',
    words: 'there is a timetable and no lesson of it now, or nobody knows whether there is',
    told: { offer: 'notInLesson' },
    why: 'the school says when the robot may wake; a lesson that runs is ended after its grace',
  }),
  rule({
    name: 'overtaken',
    on: ['offer'],
    refuses: ['session'],
    when: ({ offer }) => offer !== 'newest',
    words: 'the same device has made a newer offer before this one had its turn',
    told: { offer: 'inUse' },
    why: 'the page that was opened last is the one that somebody looks at',
  }),
  rule({
    name: 'inUse',
    on: ['holder'],
    refuses: ['session'],
    when: ({ holder }) => holder === 'other',
    words: 'another device has the robot, also while its connection is lost',
    told: { offer: 'inUse' },
    why: 'one pupil at a time; the same device may take over, as from a page that hangs',
  }),
  rule({
    name: 'noConnection',
    on: ['holder'],
    refuses: ['restart'],
    when: ({ holder }) => holder !== 'connection',
    words: 'this very connection does not have the robot',
    told: { offer: 'staleChallenge' },
    why: 'who has none here has to come in by an offer of another kind',
  }),
  rule({
    name: 'nobody',
    on: ['pupil'],
    refuses: ['wake', ...SENSES, 'attend', ...HEAD],
    when: ({ pupil }) => pupil === 'none',
    words: 'nobody has the robot',
    told: { command: 'notLive' },
    why: 'nobody sees or hears without a pupil who is shown',
  }),
  rule({
    name: 'connecting',
    on: ['pupil'],
    refuses: ['voice', 'attend', ...HEAD],
    when: ({ pupil }) => pupil === 'coming',
    words: 'the pupil was let in and is not connected yet',
    told: { command: 'notLive' },
    why: 'the camera starts meanwhile, so that the picture is there; nobody is there to act',
  }),
  rule({
    name: 'interrupted',
    on: ['pupil'],
    refuses: [...SENSES, 'attend', ...HEAD],
    when: ({ pupil }) => pupil === 'gone',
    words: "the pupil's connection is lost and may come back",
    told: { command: 'notLive' },
    why: 'nobody is watched by a robot whose pupil is away',
  }),
  rule({
    name: 'paused',
    on: ['paused', 'body'],
    refuses: [...SENSES, ...HEAD, 'scanning'],
    when: ({ paused, body }) => paused && body !== 'away',
    words: 'the teacher has paused, and firmware says so',
    told: { command: 'paused' },
    why: 'the pause is the teacher’s, and no pupil lifts it',
  }),
  rule({
    name: 'noPicture',
    on: ['picture'],
    refuses: ['pointing'],
    when: ({ picture }) => !picture,
    words: 'no picture goes out',
    told: { command: 'noCamera' },
    why: 'what was tapped is not what is there now',
  }),
  rule({
    name: 'bodyAway',
    on: ['body'],
    refuses: [...SENSES, ...HEAD, 'scanning'],
    when: ({ body }) => body === 'away',
    words: 'firmware is not heard, whatever it said before',
    told: { command: 'motionOff' },
    why: 'who does not know whether the teacher has paused must not look',
  }),
  rule({
    name: 'noButton',
    on: ['body'],
    refuses: [...SENSES, 'scanning'],
    when: ({ body }) => body !== 'well',
    words: 'a press of the teacher’s would not be noticed, or not be kept',
    told: {},
    why: 'without a pause that works nothing is seen, heard or spoken',
  }),
  rule({
    name: 'headStill',
    on: ['head'],
    refuses: HEAD,
    when: ({ head }) => head !== 'turns',
    words: 'the head cannot turn, or there is none',
    told: { command: 'motionOff' },
    why: 'the pupil is told at once; firmware would refuse it too',
  }),
  rule({
    name: 'notPairing',
    on: ['pairing'],
    refuses: ['scanning'],
    when: ({ pairing }) => pairing !== 'open',
    words: 'nobody has held the pair button, or firmware has ended what that began',
    told: {},
    why: 'a robot opens its eyes without a pupil only for somebody who stands before it',
  }),
  rule({
    name: 'taken',
    on: ['robot'],
    refuses: ['scanning'],
    when: ({ robot }) => robot !== 'free',
    words: 'a pupil has the robot, also while connecting or interrupted',
    told: {},
    why: 'what a pupil is shown is not searched for codes, and a lesson comes before them',
  }),
  rule({
    name: 'listenOnly',
    on: ['listenOnly'],
    refuses: ['voice'],
    when: ({ listenOnly }) => listenOnly,
    words: 'the pupil only listens',
    told: {},
    why: 'what the page shows as muted is muted in the robot',
  }),
] as const;
