import { CHUNK_SAMPLES } from '../../hal/ports/media.ts';

/** How often the pupil is told how loud the voice leaves the robot, in chunks of 10 ms. */
export const HEARD_EVERY_CHUNKS = 20;
/** Silence, dBFS. */
export const FLOOR_DB = -100;
/** Quieter than this the robot's speaker is taken to be silent, dBFS. */
const SPEAKING_DB = -60;
/** The room still rings with the robot's own voice for this many chunks. */
const AFTERGLOW_CHUNKS = 30;
/**
 * Share of a new chunk in the room's level when it is quieter, and when it is louder: the level
 * sinks into the pauses of a teacher's speech at once and takes seconds to rise, so that it is the
 * room's noise and not what is said in it.
 */
const ROOM_FALLS = 0.2;
const ROOM_RISES = 0.004;

/**
 * "Is the class hearing me": the power of the voice that left the speaker against that of the room
 * without it. The microphone hears the robot itself, so the room is measured only while the speaker
 * is silent.
 */
export class HeardMeter {
  private voicePower = 0;
  private voiceChunks = 0;
  private roomPower: number | undefined;
  private sinceSpeech = AFTERGLOW_CHUNKS;

  /** 480 samples as written to the speaker, and the speaker's volume 0..1. */
  voice(samples: Int16Array, volume: number): void {
    const power = meanPower(samples) * volume * volume;
    this.voicePower += power;
    this.voiceChunks += 1;
    this.sinceSpeech = toDb(power) > SPEAKING_DB ? 0 : this.sinceSpeech + 1;
  }

  /** 480 samples of the microphone. */
  room(samples: Int16Array): void {
    if (this.sinceSpeech < AFTERGLOW_CHUNKS) return;
    const power = meanPower(samples);
    const room = this.roomPower ?? power;
    this.roomPower = room + (power - room) * (power < room ? ROOM_FALLS : ROOM_RISES);
  }

  /** Voice of the time since the last reading, and the room now. dBFS, -100..0. */
  read(): { voiceDb: number; roomDb: number } {
    const voice = this.voiceChunks === 0 ? 0 : this.voicePower / this.voiceChunks;
    // Without chunks nothing leaves the speaker, so its echo dies away in this time too.
    if (this.voiceChunks === 0) this.sinceSpeech += HEARD_EVERY_CHUNKS;
    this.voicePower = 0;
    this.voiceChunks = 0;
    return { voiceDb: tenth(toDb(voice)), roomDb: tenth(toDb(this.roomPower ?? 0)) };
  }
}

function meanPower(samples: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) {
    const x = (samples[i] ?? 0) / 32_768;
    sum += x * x;
  }
  return sum / CHUNK_SAMPLES;
}

function toDb(power: number): number {
  return power <= 1e-10 ? FLOOR_DB : Math.min(0, 10 * Math.log10(power));
}

function tenth(db: number): number {
  return Math.round(db * 10) / 10;
}
