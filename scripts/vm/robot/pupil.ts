/** A headless pupil: the page's client, with WebRTC for Node. */

import type { Binding } from '../../../agent/client/api.ts';
import { memoryStore } from '../../../agent/client/key-value-store.ts';
import { PupilClient } from '../../../agent/client/pupil-client.ts';
import { native } from '../../../agent/media/wrtc.ts';
import { parseInvitation } from '../../../agent/wire/invitation.ts';

/** Sampling distance within a frame, bytes. */
const STRIDE = 997;

export class Pupil {
  readonly client: PupilClient;
  frames = 0;
  /** How often a frame differed from the one before. */
  changes = 0;
  size = '';
  private last = 0;
  /** Requested head direction, and whether the request was sent. */
  private wanted: { readonly pan: number; readonly tilt: number } | undefined;
  private asked = false;
  private binding: Binding | undefined;
  /** The library requires it stopped before the connection is closed. */
  private sink: InstanceType<typeof native.nonstandard.RTCVideoSink> | undefined;

  constructor() {
    this.client = new PupilClient({ rtc: native, keys: memoryStore() });
    this.client.on('video', (stream) => this.watch(stream));
    this.client.on('state', () => this.ask());
    this.client.on('refused', ({ reason }) => {
      if (reason === 'motionOff') this.asked = false;
    });
  }

  /**
   * Requests the direction when the page says that the head can be turned, and again after a
   * refusal or when torque was turned off meanwhile, until `content`.
   */
  look(pan: number, tilt: number): void {
    this.wanted = { pan, tilt };
    this.asked = false;
    this.ask();
  }

  content(): void {
    this.wanted = undefined;
  }

  private ask(): void {
    const { phase, motion } = this.client.state ?? {};
    if (motion === 'off') this.asked = false;
    if (!this.wanted || this.asked || phase !== 'live' || motion === 'off') return;
    this.asked = true;
    this.client.look(this.wanted.pan, this.wanted.tilt);
  }

  async bind(link: string): Promise<void> {
    const parsed = parseInvitation(link.slice(link.indexOf('#')));
    if (!parsed.ok) throw new Error(parsed.why);
    this.binding = await this.client.bind(parsed.invitation);
  }

  async join(): Promise<void> {
    if (!this.binding) throw new Error('this pupil is bound to no robot');
    await this.client.join(this.binding, undefined);
  }

  private watch(stream: MediaStream): void {
    const [track] = stream.getVideoTracks();
    if (!track) return;
    this.sink?.stop();
    const sink = new native.nonstandard.RTCVideoSink(track);
    this.sink = sink;
    sink.onframe = ({ frame }) => {
      this.frames += 1;
      this.size = `${frame.width}x${frame.height}`;
      let sum = 0;
      for (let at = 0; at < frame.data.length; at += STRIDE)
        sum = (Math.imul(sum, 31) + (frame.data[at] ?? 0)) | 0;
      if (sum !== this.last) this.changes += 1;
      this.last = sum;
    };
  }
}
