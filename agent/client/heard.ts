import type { Heard } from './types.ts';

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

export interface HeardSample {
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
