import { type DesiredState, HAND_SEEN_MS, NOTHING_DESIRED } from '../../firmware/link/schema.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { may } from '../admission/admit.ts';
import type { Scanning } from '../model/scanning.ts';
import type { SessionPhase } from '../model/session-phase.ts';
import type { RobotState } from '../wire/control.ts';
import { largest, type PictureSize } from './picture-size.ts';
import { lessonFacts, type SessionState } from './session-machine.ts';

/** The pupil's choices in this session. Reset when the session ends. */
export interface Choices {
  readonly mood: RobotState['mood'];
  readonly hand: RobotState['hand'];
  /** Present, but not to be called on; the voice is not played. */
  readonly listenOnly: boolean;
  readonly voice: RobotState['voice'];
  /** 0..1 */
  readonly volume: number;
  /** The size that is sent, chosen by the pupil or by the robot. */
  readonly picture: PictureSize;
}

export const firstChoices: Choices = {
  mood: 'neutral',
  hand: 'down',
  listenOnly: false,
  voice: 'normal',
  volume: 0.7,
  picture: largest.size,
};

/**
 * Keeps the choices, and for how long the pupil's page shows "your teacher has seen it": as long as
 * the class is shown it, counted only while the pupil is connected. Then one press raises the hand
 * again.
 */
export class PupilChoices {
  private now: Choices = firstChoices;
  private seen = false;
  private seenTimer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {}

  get current(): Choices {
    return this.now;
  }

  change(change: Partial<Choices>): void {
    if (change.hand) this.forgetSeen();
    this.now = { ...this.now, ...change };
    this.onChange();
  }

  /** The teacher pressed the button. False when no hand was up. */
  acknowledge(): boolean {
    if (this.now.hand !== 'up') return false;
    this.change({ hand: 'acknowledged' });
    this.seen = true;
    this.startSeenTimer();
    return true;
  }

  /** The pupil is disconnected, and may not have received the acknowledgement. */
  away(): void {
    this.seenTimer?.cancel();
  }

  /** The pupil is back; the acknowledgement is shown again. */
  back(): void {
    if (this.seen) this.startSeenTimer();
  }

  /** The session has ended; the next one begins with this picture size. */
  reset(picture: PictureSize): void {
    this.now = { ...firstChoices, picture };
    this.forgetSeen();
  }

  private startSeenTimer(): void {
    this.seenTimer?.cancel();
    this.seenTimer = this.clock.after(HAND_SEEN_MS, () => this.change({ hand: 'down' }));
  }

  private forgetSeen(): void {
    this.seen = false;
    this.seenTimer?.cancel();
  }
}

/** The desired state of the body: a pure function of the session and the choices. */
export function desiredStateOf(state: SessionState, choices: Choices): DesiredState {
  const facts = { ...lessonFacts(state), listenOnly: choices.listenOnly };
  if (!may('wake', facts)) return NOTHING_DESIRED;
  const sensing = may('sensing', facts);
  return {
    presence: presenceOf(state.name, choices),
    mood: choices.mood,
    // Without a connected pupil the teacher would call on nobody.
    hand: may('attend', facts) && choices.hand === 'up',
    camera: sensing,
    microphone: sensing,
    amplifier: may('voice', facts),
    // Motor noise must not drown speech while the microphone is on.
    quiet: sensing,
  };
}

/** The desired state of the body while nobody is in class and codes are read. */
export function desiredWhileScanning({ mood, looking }: Scanning): DesiredState {
  return { ...NOTHING_DESIRED, presence: 'pairing', mood, camera: looking };
}

function presenceOf(phase: SessionPhase, choices: Choices): DesiredState['presence'] {
  if (phase === 'asleep' || phase === 'waking') return phase;
  if (phase === 'interrupted') return 'lost';
  return choices.listenOnly ? 'listening' : 'here';
}
