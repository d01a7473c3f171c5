/** The public face of the client SDK: what a pupil's page, a tool or a test may rely on. */
import type {
  Command,
  EndReason,
  Mood,
  PresetName,
  RobotState,
  VoiceMode,
} from '../wire/control.ts';
import type { Invitation } from '../wire/invitation.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import type { AccessRefusal } from '../wire/signalling.ts';

/** Where the connection stands; pages put it into plain words. */
export type ConnectionState =
  | { name: 'idle' }
  /** Reaching the broker. */
  | { name: 'reaching' }
  /** Asking the robot; it may be asleep, off or without network when this takes long. */
  | { name: 'handshaking' }
  /** Accepted, media on its way. */
  | { name: 'joining' }
  | { name: 'inClass' }
  /** Lost in the middle of a lesson; tries by itself. `attempt` from 1. */
  | { name: 'reconnecting'; attempt: number }
  | {
      name: 'refused';
      reason:
        | AccessRefusal
        | 'forgedRobot'
        | 'noAnswer'
        | 'brokerUnreachable'
        | 'noMicrophone'
        | 'failed';
      /** With `notInLesson`, if the robot knows it. */
      nextLesson?: NextLesson;
    }
  /** `nextLesson`: after `hangUp` and `lessonOver`, if the robot knows it. */
  | { name: 'ended'; why: EndReason; nextLesson?: NextLesson };

export interface Quality {
  /** Glass to glass, milliseconds, newest second; undefined until measured. */
  readonly videoLatencyMs: number | undefined;
  readonly roundTripMs: number | undefined;
  /** 0..1 */
  readonly lossRatio: number | undefined;
  readonly framesPerSecond: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /**
   * How it is to take part over this connection: the worst of delay (of the picture, and of a word
   * and its answer), loss and stutter. While the camera is off, as in a pause, the network alone.
   */
  readonly verdict: 'good' | 'fair' | 'poor' | 'unknown';
  /** What the verdict is due to when it is fair or poor: `delay`, or `choppy` (loss, stutter, standstill). */
  readonly trouble: 'delay' | 'choppy' | undefined;
}

/** "Is the class hearing me": the robot's own measure of the pupil's voice against the room. */
export type Heard = 'silent' | 'quiet' | 'clear' | 'loud' | 'muted';

export interface PupilEvents {
  connection: ConnectionState;
  state: RobotState;
  video: MediaStream;
  audio: MediaStream;
  quality: Quality;
  heard: { verdict: Heard; voiceDb: number; roomDb: number };
  handAcknowledged: undefined;
  refused: { reason: string };
}

/** A robot that this device is bound to. */
export interface Binding {
  readonly robot: string;
  readonly robotKey: string;
  readonly broker: string;
}

/** The part of HTMLVideoElement that is needed here. */
export interface FrameSource {
  requestVideoFrameCallback?: (
    act: (now: number, frame: { captureTime?: number; expectedDisplayTime: number }) => void,
  ) => number;
  cancelVideoFrameCallback?: (handle: number) => void;
}

export interface PupilClientApi {
  readonly connection: ConnectionState;
  readonly state: RobotState | undefined;
  on<K extends keyof PupilEvents>(event: K, listener: (value: PupilEvents[K]) => void): () => void;
  /** Binds this device to the robot with a one-time invitation. Rejects with AccessError. */
  bind(invitation: Invitation): Promise<Binding>;
  /** Robots this device is bound to. */
  bindings(): Promise<Binding[]>;
  /** Forgets the robot and the key for it. The robot is told nothing: staff revoke the device there. */
  forget(robot: string): Promise<void>;
  /** Reaches the broker ahead of `join`, for instance while the pupil looks at the start page. */
  preconnect(binding: Binding): Promise<void>;
  /** Measures latency on the frames that this element shows; undefined: on statistics alone. */
  watchFrames(video: FrameSource | undefined): void;
  /** Goes to class. `microphone` undefined: listens only. Resolves when in class; see `connection`. */
  join(binding: Binding, microphone: MediaStream | undefined): Promise<void>;
  leave(): Promise<void>;
  /** In class: drops the connection and finds it anew, as after a loss. Elsewhere it does nothing. */
  reconnect(): void;
  /** Absolute look, degrees; sent over the unreliable channel, newest wins. */
  look(pan: number, tilt: number): void;
  /** Turn at a rate, degrees per second; call again within 250 ms to go on. */
  lookRate(pan: number, tilt: number): void;
  tap(x: number, y: number): void;
  stopHead(): void;
  goPreset(preset: PresetName): void;
  storePreset(preset: PresetName): void;
  gesture(gesture: 'nod' | 'shake'): void;
  raiseHand(up: boolean): void;
  mood(mood: Mood): void;
  listenOnly(on: boolean): void;
  voice(mode: VoiceMode): void;
  volume(volume: number): void;
  /** `auto`: the robot chooses, as it does at first; see `state.picture` for what it chose. */
  picture(size: Extract<Command, { kind: 'picture' }>['size']): void;
}

export type AccessProblem =
  | AccessRefusal
  /** Somebody answered in the robot's place: not signed by the key that the invitation pinned. */
  | 'forgedRobot'
  /** The robot is off, asleep without network, or out of reach. */
  | 'noAnswer'
  | 'brokerUnreachable'
  /** A microphone was asked for and has no live track. */
  | 'noMicrophone'
  /** The bindings of this device stand behind a PIN. */
  | 'locked'
  /** This device holds no key for the robot. */
  | 'notBound'
  /** `leave` was called in the meantime. */
  | 'left'
  | 'failed';

/** Why a pupil did not get in: `reason` for the page's words, `message` for a developer. */
export class AccessError extends Error {
  override readonly name = 'AccessError';

  constructor(
    readonly reason: AccessProblem,
    message: string,
    /** With `notInLesson`, if the robot knows it. */
    readonly nextLesson?: NextLesson,
  ) {
    super(`${reason}: ${message}`);
  }
}
