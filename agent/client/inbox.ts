import { jsonOf } from '../../hal/common/json.ts';
import { type EndReason, RobotMessage, type RobotState } from '../wire/control.ts';
import type { NextLesson } from '../wire/next-lesson.ts';
import type { Heard, PupilEvents } from './api.ts';
import type { Emitter } from './emitter.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Measures } from './measures.ts';

interface InboxParts {
  readonly events: Emitter<PupilEvents>;
  readonly heartbeat: Heartbeat;
  readonly measures: Measures;
  readonly onEnded: (why: EndReason, nextLesson: NextLesson | undefined) => void;
}

/** Dispatches the robot's messages on the control channel. */
export class Inbox {
  state: RobotState | undefined;
  private microphone: MediaStreamTrack | undefined;
  private readonly meter = new HeardMeter();

  constructor(private readonly parts: InboxParts) {}

  /** A new stay in class: resets what is known of the last one. */
  reset(microphone: MediaStreamTrack | undefined): void {
    this.state = undefined;
    this.microphone = microphone;
  }

  /** An invalid message is dropped and does not count as a sign of life. */
  receive(data: unknown): void {
    const message = readRobotMessage(data);
    if (message === undefined) return;
    this.parts.heartbeat.heard();
    this.take(message);
  }

  private take(message: RobotMessage): void {
    const { events, heartbeat, measures, onEnded } = this.parts;
    switch (message.kind) {
      case 'state':
        this.state = message;
        events.emit('state', message);
        break;
      case 'refused':
        events.emit('refused', { reason: message.reason });
        break;
      case 'handAcknowledged':
        events.emit('handAcknowledged', undefined);
        break;
      case 'alive':
        heartbeat.answered(message.sentAtMs);
        break;
      case 'heard':
        this.takeHeard(message);
        break;
      case 'cameraDelay':
        measures.cameraDelay(message.ms);
        break;
      case 'ended':
        onEnded(message.why, message.nextLesson);
        break;
    }
  }

  private takeHeard({ voiceDb, roomDb }: { voiceDb: number; roomDb: number }): void {
    const verdict = this.meter.take({ voiceDb, roomDb }, this.isMuted());
    this.parts.events.emit('heard', { verdict, voiceDb, roomDb });
  }

  private isMuted(): boolean {
    const { state, microphone } = this;
    if (!microphone?.enabled || microphone.readyState === 'ended') return true;
    return state !== undefined && (state.listenOnly || state.phase !== 'live');
  }
}

/** The whole state is under 2 kB; whatever is much longer is no message of ours. Characters. */
const MAX_ROBOT_MESSAGE = 16 * 1024;

/** Parses a message of the control channel; undefined when it is not valid. */
export function readRobotMessage(data: unknown): RobotMessage | undefined {
  if (typeof data !== 'string' || data.length > MAX_ROBOT_MESSAGE) return undefined;
  return RobotMessage.safeParse(jsonOf(data)).data;
}

/**
 * "Is the class hearing me": the pupil's voice as it leaves the robot against the room's own noise.
 * A listener needs speech some 15 dB above the noise to follow easily (ANSI/ASA S12.60, classrooms);
 * under 6 dB words get lost. Speech has pauses, so the loudest of the last second counts.
 */
const HOLD_SAMPLES = 5;
const SILENT_DB = -60;
const QUIET_OVER_ROOM_DB = 6;
/** Above this, dBFS, the robot's limiter is at work and classmates turn round. */
const LOUD_DB = -9;

interface HeardSample {
  readonly voiceDb: number;
  readonly roomDb: number;
}

export class HeardMeter {
  private recent: number[] = [];

  take({ voiceDb, roomDb }: HeardSample, muted: boolean): Heard {
    this.recent = [...this.recent, voiceDb].slice(-HOLD_SAMPLES);
    return muted ? 'muted' : judge(Math.max(...this.recent), roomDb);
  }
}

function judge(voiceDb: number, roomDb: number): Heard {
  if (voiceDb < SILENT_DB) return 'silent';
  if (voiceDb > LOUD_DB) return 'loud';
  return voiceDb - roomDb < QUIET_OVER_ROOM_DB ? 'quiet' : 'clear';
}
