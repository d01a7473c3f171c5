import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { CHUNK_SAMPLES, type Microphone, type Speaker } from '../../hal/ports/media.ts';
import type { VoiceMode } from '../wire/control.ts';
import { DeviceReconciler } from './device-reconciler.ts';
import { HEARD_EVERY_CHUNKS, HeardMeter } from './heard.ts';
import type { AudioSink } from './media-peer.ts';
import { VoiceChain } from './voice.ts';

/** More than a speaker may queue (60 ms), so that a buffer is never written while it waits. */
const BUFFERS = 8;
const HEARD_MS = HEARD_EVERY_CHUNKS * 10;
const ON = true as const;

interface DesiredSound {
  readonly sink: AudioSink | undefined;
  readonly microphone: boolean;
  /** The pupil's voice may leave the robot. */
  readonly voice: boolean;
  readonly mode: VoiceMode;
  /** 0..1 */
  readonly volume: number;
}

/** Sound both ways in chunks of 10 ms, and how much of it is heard. */
export class Sound {
  private desired: DesiredSound | undefined;
  private readonly ears: DeviceReconciler<typeof ON>;
  private readonly mouth: DeviceReconciler<typeof ON>;
  private chain = new VoiceChain();
  private meter = new HeardMeter();
  private readonly buffers = Array.from({ length: BUFFERS }, () => new Int16Array(CHUNK_SAMPLES));
  private next = 0;
  private timer: Timer | undefined;

  constructor(
    microphone: Microphone,
    private readonly speaker: Speaker,
    private readonly clock: Clock,
    log: Log,
    private readonly onHeard: (voiceDb: number, roomDb: number) => void,
  ) {
    const hear = (): Promise<void> => microphone.start((samples) => this.onRoom(samples));
    const ears = { start: hear, stop: () => microphone.stop() };
    const mouth = { start: () => speaker.start(), stop: () => speaker.stop() };
    this.ears = new DeviceReconciler('microphone', ears, clock, log);
    this.mouth = new DeviceReconciler('speaker', mouth, clock, log);
  }

  setDesired(desired: DesiredSound): void {
    if (desired.volume !== this.desired?.volume) this.speaker.setVolume(desired.volume);
    this.desired = desired;
    this.ears.setDesired(desired.microphone ? ON : undefined);
    this.mouth.setDesired(desired.voice ? ON : undefined);
    this.runMeter(desired.sink !== undefined);
  }

  /** 480 samples of the pupil's voice. While muted no sample reaches the speaker. */
  voice(samples: Int16Array): void {
    const desired = this.desired;
    if (!desired?.voice) return;
    const out = this.buffers[this.next];
    if (!out) return;
    this.next = (this.next + 1) % BUFFERS;
    this.chain.process(samples, desired.mode, out);
    this.meter.voice(out, desired.volume);
    this.speaker.write(out);
  }

  async close(): Promise<void> {
    this.runMeter(false);
    await Promise.all([this.ears.close(), this.mouth.close()]);
  }

  private onRoom(samples: Int16Array): void {
    // A driver may deliver one more chunk after stop; it is dropped.
    if (!this.desired?.microphone) return;
    this.desired.sink?.sendAudio(samples);
    this.meter.room(samples);
  }

  private runMeter(on: boolean): void {
    if (on === (this.timer !== undefined)) return;
    this.timer?.cancel();
    this.timer = on ? this.clock.every(HEARD_MS, () => this.tellHeard()) : undefined;
    if (!on) return;
    // A new pupil starts without the last one's levels.
    this.meter = new HeardMeter();
    this.chain = new VoiceChain();
  }

  private tellHeard(): void {
    const { voiceDb, roomDb } = this.meter.read();
    this.onHeard(voiceDb, roomDb);
  }
}
