/**
 * The simulated speaker: plays on an exact grid of 10 ms, into the room and onto the robot page.
 */
import type { Clock } from '../../../hal/ports/clock.ts';
import { CHUNK_SAMPLES, SAMPLE_RATE_HZ, type Speaker } from '../../../hal/ports/media.ts';
import type { EchoPath } from '../../classroom/acoustics.ts';
import type { WorldPort } from '../../world/schema.ts';
import { CHUNK_MS, SoundDevice } from './sound-device.ts';

const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1_000;
const MOST_QUEUED = 6;
/** The world hears of the loudness this often at most. */
const TELL_MS = 50;
/** A smaller change need not be sent at once... */
const LEVEL_GRAIN = 0.004;
/** ...but a level that is not repeated expires, so that a dead agent does not seem to speak. */
const REPEAT_MS = 150;

export class SimulatedSpeaker extends SoundDevice implements Speaker {
  /** Ring of chunks; `oldest` is played next. */
  private readonly ring = Array.from({ length: MOST_QUEUED }, () => new Int16Array(CHUNK_SAMPLES));
  private oldest = 0;
  private queued = 0;
  private volume = 1;
  /** Sum of squares and count since the last report to the world. */
  private energy = 0;
  private counted = 0;
  private told = 0;
  private lookedAtMs = 0;
  private toldAtMs = 0;

  constructor(
    world: WorldPort,
    clock: Clock,
    private readonly echo: EchoPath,
  ) {
    super(world, clock, {
      line: 'amplifier',
      unplugged: 'speakerUnplugged',
      why: 'the speaker is unplugged',
    });
  }

  async start(): Promise<void> {
    this.queued = 0;
    this.begin(() => this.beat());
  }

  write(samples: Int16Array): void {
    if (!this.timer) return;
    if (this.queued === MOST_QUEUED) this.dropOldest();
    this.ring[(this.oldest + this.queued) % MOST_QUEUED]?.set(samples.subarray(0, CHUNK_SAMPLES));
    this.queued += 1;
  }

  setVolume(volume: number): void {
    if (Number.isFinite(volume)) this.volume = Math.max(0, Math.min(1, volume));
  }

  override stop(): Promise<void> {
    this.queued = 0;
    this.tell(0);
    return super.stop();
  }

  private beat(): void {
    this.device.works();
    // Beats that were missed still use up what was queued, or the delay would grow.
    for (const endedMs of this.grid.due(MOST_QUEUED)) this.playChunk(endedMs + CHUNK_MS);
    if (this.clock.now() - this.lookedAtMs >= TELL_MS - 1) this.tellLevel();
  }

  private playChunk(startMs: number): void {
    this.counted += CHUNK_SAMPLES;
    if (this.queued === 0) return;
    const samples = this.ring[this.oldest] as Int16Array;
    this.dropOldest();
    if (!this.device.works()) return;
    this.device.become('running');
    for (const sample of samples) this.energy += (sample * this.volume) ** 2;
    this.echo.play(startMs * SAMPLES_PER_MS, samples, this.volume);
  }

  private dropOldest(): void {
    this.oldest = (this.oldest + 1) % MOST_QUEUED;
    this.queued -= 1;
  }

  private tellLevel(): void {
    const level = Math.sqrt(this.energy / Math.max(1, this.counted)) / 32768;
    this.energy = 0;
    this.counted = 0;
    this.tell(Math.min(1, level));
  }

  private tell(level: number): void {
    const nowMs = this.clock.now();
    this.lookedAtMs = nowMs;
    const changed = Math.abs(level - this.told) > LEVEL_GRAIN || nowMs - this.toldAtMs >= REPEAT_MS;
    const news = level === 0 ? this.told > 0 : changed;
    if (!news) return;
    this.told = level;
    this.toldAtMs = nowMs;
    // A world out of reach shows no loudness; that is no fault of the speaker.
    this.world.send({ kind: 'speaking', level }).catch(() => {});
  }
}
