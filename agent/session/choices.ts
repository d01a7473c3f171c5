import type { Wanted } from '../../firmware/link/schema.ts';
import { nothingWanted } from '../body/wanted.ts';
import { inClass, type SessionPhase } from '../model/session-phase.ts';
import type { RobotState } from '../wire/control.ts';
import { cameraAllowed, type SessionState } from './machine.ts';
import { largest } from './picture-size.ts';

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
  readonly picture: RobotState['picture'];
}

export const firstChoices: Choices = {
  mood: 'neutral',
  hand: 'down',
  listenOnly: false,
  voice: 'normal',
  volume: 0.7,
  picture: largest.size,
};

/** What the body is asked for: a pure function of the session and the choices. */
export function wantedOf(state: SessionState, choices: Choices): Wanted {
  if (state.name === 'asleep') return nothingWanted;
  const sensing = cameraAllowed(state);
  return {
    presence: presenceOf(state.name, choices),
    mood: choices.mood,
    // A hand without a pupil behind it would make the teacher call on nobody.
    hand: inClass(state.name) && choices.hand === 'up',
    camera: sensing,
    microphone: sensing,
    amplifier: voiceAllowed(state, choices),
    // Motors must not drown speech while the microphone is live.
    quiet: sensing,
  };
}

/** May the pupil's voice leave the robot? */
export function voiceAllowed(state: SessionState, choices: Choices): boolean {
  return state.name === 'live' && !choices.listenOnly;
}

function presenceOf(name: Exclude<SessionPhase, 'asleep'>, choices: Choices) {
  if (name === 'waking') return 'waking';
  if (name === 'interrupted') return 'lost';
  return choices.listenOnly ? 'listening' : 'here';
}
