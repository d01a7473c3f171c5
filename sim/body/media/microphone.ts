/** The simulated microphone: the room's sound on an exact grid of 10 ms. */
import type { Clock, Timer } from '../../../hal/ports/clock.ts';
import { CHUNK_SAMPLES, type Microphone } from '../../../hal/ports/media.ts';
import type { RoomSound } from '../../classroom/acoustics.ts';
import type { WorldPort } from '../../world/schema.ts';
import { CHUNK_MS, ChunkGrid } from './chunk-grid.ts';
import { DeviceState } from './device-state.ts';
import { headMotionAt } from './head-motion.ts';

/** What a sound card's buffer holds: chunks that were missed for longer are lost, as there. */
const MOST_LATE_CHUNKS = 4;

type OnChunk = (samples: Int16Array, capturedAtMs: number) => void;

export class SimulatedMicrophone implements Microphone {
  readonly present = true;
  private readonly device = new DeviceState();
  private readonly samples = new Int16Array(CHUNK_SAMPLES);
  private timer: Timer | undefined;
  private grid: ChunkGrid;

  constructor(
    private readonly world: WorldPort,
    private readonly clock: Clock,
    private readonly room: RoomSound,
  ) {
    this.grid = new ChunkGrid(clock);
  }

  get state() {
    return this.device.current;
  }

  onState(listener: Parameters<Microphone['onState']>[0]): () => void {
    return this.device.onState(listener);
  }

  async start(onChunk: OnChunk): Promise<void> {
    this.timer?.cancel();
    this.device.become('waiting');
    this.grid = new ChunkGrid(this.clock);
    this.timer = this.clock.every(CHUNK_MS, () => this.beat(onChunk));
  }

  async stop(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    this.device.become('idle');
  }

  private beat(onChunk: OnChunk): void {
    const due = this.grid.due(MOST_LATE_CHUNKS);
    if (!this.listening()) return;
    for (const startMs of due) {
      this.room.chunk(this.samples, startMs, headMotionAt(this.world.latest, startMs + CHUNK_MS));
      this.device.become('running');
      onChunk(this.samples, startMs);
      if (!this.timer) return;
    }
  }

  private listening(): boolean {
    const state = this.world.latest;
    if (state?.faults.includes('microphoneUnplugged')) {
      this.device.become('fault', 'the microphone is unplugged');
      return false;
    }
    if (!state?.microphoneRail) {
      this.device.become('waiting');
      return false;
    }
    if (this.device.current === 'fault') this.device.become('waiting');
    return true;
  }
}
