import type { EndReason, RobotMessage, RobotState } from '../wire/control.ts';
import type { Emitter } from './emitter.ts';
import { HeardMeter } from './heard.ts';
import type { Measures } from './measures.ts';
import type { Pulse } from './pulse.ts';
import { readRobotMessage } from './robot-ear.ts';
import type { PupilEvents } from './types.ts';

export interface InboxParts {
  readonly events: Emitter<PupilEvents>;
  readonly pulse: Pulse;
  readonly measures: Measures;
  readonly onEnded: (why: EndReason) => void;
}

/** What the robot says on the control channel, brought to whom it matters. */
export class Inbox {
  state: RobotState | undefined;
  private microphone: MediaStreamTrack | undefined;
  private readonly meter = new HeardMeter();

  constructor(private readonly parts: InboxParts) {}

  /** A new stay in class: what was known of the last one is void. */
  reset(microphone: MediaStreamTrack | undefined): void {
    this.state = undefined;
    this.microphone = microphone;
  }

  /** Garbage is dropped and is no sign of life. */
  receive(data: unknown): void {
    const message = readRobotMessage(data);
    if (message === undefined) return;
    this.parts.pulse.heard();
    this.take(message);
  }

  private take(message: RobotMessage): void {
    const { events, pulse, measures, onEnded } = this.parts;
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
        pulse.answered(message.sentAtMs);
        break;
      case 'heard':
        this.takeHeard(message);
        break;
      case 'cameraDelay':
        measures.cameraDelay(message.ms);
        break;
      case 'ended':
        onEnded(message.why);
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
