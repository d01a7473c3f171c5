/** The inputs of admission: plain values, each from the part that owns it. */
import type { Body } from '../../firmware/link/schema.ts';
import type { SessionPhase } from '../model/session-phase.ts';
import type { Trust } from '../time/moment.ts';

/** Whether the state of the teacher's pause is known. */
export type BodyWord =
  /** Firmware is silent: not connected yet, disconnected, or unintelligible. */
  | 'away'
  /** Firmware is there, but the button does not work. */
  | 'noButton'
  | 'well';

export interface Facts {
  /** The requesting device, by its key: whether it is in the device registry. */
  readonly device: 'bound' | 'unknown';
  /**
   * The invitation that a device presents. `dated`: valid until a date that has not certainly
   * passed, by the time of day if it is known; `running`: timed by a clock that has not run out.
   */
  readonly invitation: 'unknown' | 'used' | 'over' | 'dated' | 'running';
  /** How far the time of day is trusted. */
  readonly clock: Trust;
  /** Whether the device registry has room for another device. */
  readonly registry: 'room' | 'full';
  /** The agent is stopping. */
  readonly stopping: boolean;
  readonly battery: Body['battery']['level'] | 'unknown';
  readonly heat: Body['heat']['level'] | 'unknown';
  /** Whether the timetable grants a session now; `unknown` until it has been read. */
  readonly lesson: 'noTimetable' | 'granted' | 'notNow' | 'unknown';
  /** Whether a newer offer of the device, as from another page, has replaced this one. */
  readonly offer: 'newest' | 'overtaken';
  /** Who holds the session: the requesting connection, its device by another, or another device. */
  readonly holder: 'nobody' | 'connection' | 'device' | 'other';
  /** State of the pupil who holds the session. */
  readonly pupil: 'none' | 'coming' | 'inClass' | 'gone';
  readonly body: BodyWord;
  /** By the teacher, as last reported by firmware. */
  readonly paused: boolean;
  readonly head: 'turns' | 'still';
  /** The camera's picture is being sent. */
  readonly picture: boolean;
  /** Whether a pupil has the robot, or has it still although the connection is lost. */
  readonly robot: 'free' | 'taken';
  /** Whether somebody at the robot held the pair button, and firmware counts that yet. */
  readonly pairing: 'open' | 'closed';
  /** The pupil chose to attend without voice. */
  readonly listenOnly: boolean;
}

export type Fact = keyof Facts;

/** What admission decides on. The texts appear in docs/admission.md. */
export const capabilities = {
  bind: 'a device is added to the device registry by its invitation',
  signal: 'what a device signs is looked at: offers, candidates, goodbyes; it is told of relays',
  session: 'a device begins a session, or takes over its own',
  restart: 'a connection looks for another way through the network',
  wake: 'the body is awake: head, eyes, lights',
  sensing: 'camera and microphone have power, picture and sound are sent',
  voice: "the pupil's voice leaves the speaker",
  attend: 'the raised hand is shown; mood, voice, volume and picture are chosen',
  motion: 'the head turns: looks, gestures, places',
  pointing: 'the head turns to what was tapped in the picture',
  scanning: 'the camera reads codes that are held before it; the picture goes nowhere',
} as const;

export type Capability = keyof typeof capabilities;

/** The facts that each capability is decided on. A rule cannot read any others. */
interface Needs {
  bind: 'invitation' | 'clock' | 'registry';
  signal: 'device';
  session: 'device' | 'stopping' | 'battery' | 'heat' | 'lesson' | 'offer' | 'holder';
  restart: 'device' | 'holder';
  wake: 'pupil';
  sensing: 'pupil' | 'paused' | 'body';
  voice: Needs['sensing'] | 'listenOnly';
  attend: 'pupil';
  motion: Needs['sensing'] | 'head';
  pointing: Needs['motion'] | 'picture';
  scanning: 'pairing' | 'robot' | 'stopping' | 'battery' | 'heat' | 'paused' | 'body';
}

export type FactsFor<C extends Capability> = Pick<Facts, Needs[C]>;

/** The capabilities that these facts suffice to decide. */
export type DecidedBy<F extends Fact> = {
  [C in Capability]: [F] extends [Needs[C]] ? C : never;
}[Capability];

/** Facts from firmware's body message; undefined while it is silent. */
export function bodyFacts(body: Body | undefined): Pick<Facts, 'body' | 'battery' | 'heat'> {
  if (!body) return { body: 'away', battery: 'unknown', heat: 'unknown' };
  const { battery, heat, faults } = body;
  const pausable = !faults.includes('teacherButton') && !faults.includes('pauseMemory');
  return { body: pausable ? 'well' : 'noButton', battery: battery.level, heat: heat.level };
}

/** Whether the head is able to turn, not whether it may. */
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
