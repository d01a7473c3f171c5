/** The simulated microphone: the room's sound on an exact grid of 10 ms. */
import type { Clock } from '../../../hal/ports/clock.ts';
import { CHUNK_SAMPLES, type Microphone } from '../../../hal/ports/media.ts';
import type { RoomSound } from '../../classroom/acoustics.ts';
import type { WorldPort } from '../../world/schema.ts';
import { headMotionAt } from './device-state.ts';
import { CHUNK_MS, SoundDevice } from './sound-device.ts';

/** What a sound card's buffer holds: chunks that were missed for longer are lost, as there. */
const MOST_LATE_CHUNKS = 4;

type OnChunk = (samples: Int16Array, capturedAtMs: number) => void;

export class SimulatedMicrophone extends SoundDevice implements Microphone {
  private readonly samples = new Int16Array(CHUNK_SAMPLES);

  constructor(
    world: WorldPort,
    clock: Clock,
    private readonly room: RoomSound,
  ) {
    super(world, clock, {
      line: 'microphoneRail',
      unplugged: 'microphoneUnplugged',
      why: 'the microphone is unplugged',
    });
  }

  async start(onChunk: OnChunk): Promise<void> {
    this.begin(() => this.beat(onChunk));
  }

  private beat(onChunk: OnChunk): void {
    const due = this.grid.due(MOST_LATE_CHUNKS);
    if (!this.device.works()) return;
    for (const startMs of due) {
      this.room.chunk(this.samples, startMs, headMotionAt(this.world.latest, startMs + CHUNK_MS));
      this.device.become('running');
      onChunk(this.samples, startMs);
      if (!this.timer) return;
    }
  }
}
