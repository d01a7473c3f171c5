import { type DesiredState, HAND_SEEN_MS, NOTHING_DESIRED } from '../../firmware/link/schema.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { may } from '../admission/admit.ts';
import type { SessionPhase } from '../model/session-phase.ts';
import type { RobotState } from '../wire/control.ts';
import { largest, type PictureSize } from './picture-size.ts';
import { lessonFacts, type SessionState } from './session-machine.ts';

/** What the pupil has chosen in this session. Gone when the session ends. */
export interface Choices {
  readonly mood: RobotState['mood'];
  readonly hand: RobotState['hand'];
  /** Present, but not to be called on; the voice does not leave the robot. */
  readonly listenOnly: boolean;
  readonly voice: RobotState['voice'];
  /** 0..1 */
  readonly volume: number;
  /** The size that is sent: chosen by the pupil, or by the robot. */
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
 * Keeps the choices, and how long "your teacher has seen it" is told to the pupil: as long as the class
 * is shown it, and only while the pupil is there to read it. Then the next hand is one press away.
 */
export class PupilChoices {
  private now: Choices = firstChoices;
  private seen = false;
  private over: Timer | undefined;

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

  /** The teacher has pressed. False when no hand was up. */
  acknowledge(): boolean {
    if (this.now.hand !== 'up') return false;
    this.change({ hand: 'acknowledged' });
    this.seen = true;
    this.count();
    return true;
  }

  /** The pupil is gone; what was told may not have arrived. */
  away(): void {
    this.over?.cancel();
  }

  /** The pupil is there again, and is told again. */
  back(): void {
    if (this.seen) this.count();
  }

  /** Nobody is there any more; the next one begins with this size of picture. */
  reset(picture: PictureSize): void {
    this.now = { ...firstChoices, picture };
    this.forgetSeen();
  }

  private count(): void {
    this.over?.cancel();
    this.over = this.clock.after(HAND_SEEN_MS, () => this.change({ hand: 'down' }));
  }

  private forgetSeen(): void {
    this.seen = false;
    this.over?.cancel();
  }
}

/** What the body is asked for: a pure function of the session and the choices. */
export function desiredStateOf(state: SessionState, choices: Choices): DesiredState {
  const facts = { ...lessonFacts(state), listenOnly: choices.listenOnly };
  if (!may('wake', facts)) return NOTHING_DESIRED;
  const sensing = may('sensing', facts);
  return {
    presence: presenceOf(state.name, choices),
    mood: choices.mood,
    // A hand without a pupil behind it would make the teacher call on nobody.
    hand: may('attend', facts) && choices.hand === 'up',
    camera: sensing,
    microphone: sensing,
    amplifier: may('voice', facts),
    // Motors must not drown speech while the microphone is live.
    quiet: sensing,
  };
}

function presenceOf(phase: SessionPhase, choices: Choices): DesiredState['presence'] {
  if (phase === 'asleep' || phase === 'waking') return phase;
  if (phase === 'interrupted') return 'lost';
  return choices.listenOnly ? 'listening' : 'here';
}
