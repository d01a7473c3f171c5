/** What admission is decided on: plain values, each from the part that knows it. */
import type { Body } from '../../firmware/link/schema.ts';
import type { SessionPhase } from '../model/session-phase.ts';
import type { Trust } from '../time/moment.ts';

/** Whether the teacher's will is known. */
export type BodyWord =
  /** Firmware is not heard: not yet, not any more, or nothing that can be understood. */
  | 'away'
  /** Firmware is there, and no press could reach it. */
  | 'noButton'
  | 'well';

export interface Facts {
  /** The device that asks, by its key: whether it is on the device registry. */
  readonly device: 'bound' | 'unknown';
  /**
   * The invitation that a device shows. `dated`: good until a date that is not certainly past, so by
   * the calendar if anybody knows it; `running`: its time is counted and is not over.
   */
  readonly invitation: 'unknown' | 'used' | 'over' | 'dated' | 'running';
  /** How far the time of day may be believed. */
  readonly clock: Trust;
  /** Whether the device registry holds another device. */
  readonly registry: 'room' | 'full';
  /** The agent is told to end. */
  readonly stopping: boolean;
  readonly battery: Body['battery']['level'] | 'unknown';
  readonly heat: Body['heat']['level'] | 'unknown';
  /** Whether its device has made another offer meanwhile, as from another page. */
  readonly offer: 'newest' | 'overtaken';
  /** Who has the robot now: the very connection that asks, another one of its device, or another device. */
  readonly holder: 'nobody' | 'connection' | 'device' | 'other';
  /** How far the pupil is who has the robot. */
  readonly pupil: 'none' | 'coming' | 'inClass' | 'gone';
  readonly body: BodyWord;
  /** By the teacher, as firmware said last. */
  readonly paused: boolean;
  readonly head: 'turns' | 'still';
  /** The camera's picture goes out. */
  readonly picture: boolean;
  /** The pupil wants to be in class without a voice. */
  readonly listenOnly: boolean;
}

export type Fact = keyof Facts;

/** What may be asked for. The words are those of docs/admission.md. */
export const capabilities = {
  bind: 'a device comes onto the device registry by its invitation',
  signal: 'what a device signs is looked at: offers, candidates, goodbyes; it is told of relays',
  session: 'a device begins a session, or takes over its own',
  restart: 'a connection looks for another way through the network',
  wake: 'the body is awake: head, eyes, lights',
  sensing: 'camera and microphone have power, picture and sound are sent',
  voice: "the pupil's voice leaves the speaker",
  attend: 'the raised hand is shown; mood, voice, volume and picture are chosen',
  motion: 'the head turns: looks, gestures, places',
  pointing: 'the head turns to what was tapped in the picture',
} as const;

export type Capability = keyof typeof capabilities;

/** What must be known to decide on each. A rule cannot read what is not given here. */
interface Needs {
  bind: 'invitation' | 'clock' | 'registry';
  signal: 'device';
  session: 'device' | 'stopping' | 'battery' | 'heat' | 'offer' | 'holder';
  restart: 'device' | 'holder';
  wake: 'pupil';
  sensing: 'pupil' | 'paused' | 'body';
  voice: Needs['sensing'] | 'listenOnly';
  attend: 'pupil';
  motion: Needs['sensing'] | 'head';
  pointing: Needs['motion'] | 'picture';
}

export type FactsFor<C extends Capability> = Pick<Facts, Needs[C]>;

/** What can be decided with these facts. */
export type DecidedBy<F extends Fact> = {
  [C in Capability]: [F] extends [Needs[C]] ? C : never;
}[Capability];

/** What firmware says of the body; undefined while it is not heard. */
export function bodyFacts(body: Body | undefined): Pick<Facts, 'body' | 'battery' | 'heat'> {
  if (!body) return { body: 'away', battery: 'unknown', heat: 'unknown' };
  const { battery, heat, faults } = body;
  const pausable = !faults.includes('teacherButton') && !faults.includes('pauseMemory');
  return { body: pausable ? 'well' : 'noButton', battery: battery.level, heat: heat.level };
}

/** Can it turn at all; whether it may is another question. */
export function headOf(body: Body | undefined): Facts['head'] {
  return !body || body.motion === 'off' || body.motion === 'absent' ? 'still' : 'turns';
}

export function pupilOf(phase: SessionPhase): Facts['pupil'] {
  switch (phase) {
    case 'asleep':
      return 'none';
    case 'waking':
      return 'coming';
    case 'interrupted':
      return 'gone';
    case 'live':
    case 'paused':
    case 'blind':
      return 'inClass';
  }
}
