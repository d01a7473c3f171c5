import { CONTROL_CHANNEL, LOOK_CHANNEL } from '../wire/control.ts';
import { AccessError } from './access-error.ts';
import { type ClientClock, within } from './client-clock.ts';
import { receiveWithLowDelay } from './low-delay-receiver.ts';

/** Candidates that are not found by now are not waited for: the host's own come at once. */
const GATHER_MS = 500;
/** From the answer to open channels: ICE and DTLS take two to four round trips. */
const OPEN_TIMEOUT_MS = 12_000;
/** More than this waiting to be sent means that the link is stuck: a look sent now would be late. */
const MAX_LOOK_BACKLOG_BYTES = 1_024;

/** What the platform lends for WebRTC. In Node both come from @roamhq/wrtc. */
export interface RtcParts {
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  readonly MediaStream: typeof MediaStream;
}

/** STUN and TURN servers, for networks that let nothing else through. */
export type IceSettings = Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>;

export interface CallEvents {
  onMessage(data: unknown): void;
  onMedia(kind: 'video' | 'audio', stream: MediaStream): void;
  /** The connection is gone for good; a new call is needed. Said once, not after `close`. */
  onLost(why: string): void;
}

/** One WebRTC connection to the robot, from offer to end. Never renegotiated: a new call is made. */
export class Call {
  private readonly pc: RTCPeerConnection;
  private readonly look: RTCDataChannel;
  private readonly control: RTCDataChannel;
  private closed = false;
  /** What a failure means now: that the call never came about, or that it was lost. */
  private fail: (why: string) => void = () => {};

  constructor(
    private readonly clock: ClientClock,
    private readonly rtc: RtcParts,
    ice: IceSettings,
    microphone: MediaStreamTrack | undefined,
    private readonly events: CallEvents,
  ) {
    this.pc = new rtc.RTCPeerConnection({
      bundlePolicy: 'max-bundle',
      ...ice,
    });
    this.look = this.pc.createDataChannel(LOOK_CHANNEL, { ordered: false, maxRetransmits: 0 });
    this.control = this.pc.createDataChannel(CONTROL_CHANNEL);
    this.pc.addTransceiver('video', { direction: 'recvonly' });
    if (microphone) this.pc.addTransceiver(microphone, { direction: 'sendrecv' });
    else this.pc.addTransceiver('audio', { direction: 'recvonly' });
    this.listen();
  }

  /** The offer with its candidates inside. Needs nothing from the robot, so it runs ahead. */
  async offer(): Promise<string> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    await this.gathered();
    const sdp = this.pc.localDescription?.sdp;
    if (sdp === undefined) throw new AccessError('failed', 'the browser made no offer');
    return sdp;
  }

  /** Resolves when both channels are open. */
  async accept(answer: string): Promise<void> {
    const opened = new Promise<void>((resolve, reject) => {
      this.fail = (why) => reject(new AccessError('failed', why));
      Promise.all([isOpen(this.look), isOpen(this.control)]).then(() => resolve(), reject);
    });
    opened.catch(() => undefined);
    try {
      await this.pc.setRemoteDescription({ type: 'answer', sdp: answer });
    } catch (error) {
      throw new AccessError('failed', `the robot's answer does not fit the offer: ${error}`);
    }
    await within(this.clock, OPEN_TIMEOUT_MS, opened, () => unopened(this.pc.connectionState));
    this.fail = (why) => this.events.onLost(why);
  }

  sendControl(text: string): boolean {
    if (this.control.readyState !== 'open') return false;
    this.control.send(text);
    return true;
  }

  /** False when it could not go out now; the caller keeps only the newest. */
  sendLook(text: string): boolean {
    if (this.look.readyState !== 'open') return false;
    if (this.look.bufferedAmount > MAX_LOOK_BACKLOG_BYTES) return false;
    this.look.send(text);
    return true;
  }

  stats(): Promise<RTCStatsReport> {
    return this.pc.getStats();
  }

  close(): void {
    this.closed = true;
    this.pc.close();
  }

  private listen(): void {
    this.control.onmessage = ({ data }) => {
      if (!this.closed) this.events.onMessage(data);
    };
    this.control.onclose = () => this.lost('control channel closed');
    this.pc.onconnectionstatechange = () => {
      // `disconnected` may pass by itself; the heartbeat decides when it lasts.
      if (this.pc.connectionState === 'failed') this.lost('connection failed');
    };
    this.pc.ontrack = ({ track, receiver }) => {
      receiveWithLowDelay(receiver);
      // One stream a kind: in one stream the browser would hold pictures back for lip sync.
      const kind = track.kind === 'video' ? 'video' : 'audio';
      this.events.onMedia(kind, new this.rtc.MediaStream([track]));
    };
  }

  private lost(why: string): void {
    if (this.closed) return;
    this.closed = true;
    this.pc.close();
    this.fail(why);
  }

  private gathered(): Promise<void> {
    return new Promise((resolve) => {
      if (this.pc.iceGatheringState === 'complete') return resolve();
      const timer = this.clock.after(GATHER_MS, resolve);
      this.pc.onicegatheringstatechange = () => {
        if (this.pc.iceGatheringState !== 'complete') return;
        timer.cancel();
        resolve();
      };
    });
  }
}

function isOpen(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve, reject) => {
    if (channel.readyState === 'open') return resolve();
    channel.onopen = () => resolve();
    channel.onerror = () => reject(new AccessError('failed', `channel ${channel.label} failed`));
  });
}

function unopened(state: RTCPeerConnectionState): AccessError {
  return new AccessError(
    'failed',
    `no connection to the robot within ${OPEN_TIMEOUT_MS} ms (${state}); does the network let UDP through?`,
  );
}
