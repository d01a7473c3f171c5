import { within } from '../../hal/common/asynchrony.ts';
import { CONTROL_CHANNEL, LOOK_CHANNEL } from '../wire/control.ts';
import type { IceServers } from '../wire/signalling.ts';
import { type Candidate, candidateOf } from '../wire/trickle.ts';
import { AccessError } from './api.ts';
import type { ClientClock } from './client-clock.ts';
import {
  FoundCandidates,
  isOpen,
  type OnCandidate,
  receiveWithLowDelay,
  sent,
} from './peer-connection.ts';

/** Limit of ICE gathering for robots without trickle ICE; later candidates are left out. */
const GATHER_MS = 500;
/** From the answer to open channels: ICE and DTLS take two to four round trips. */
const OPEN_TIMEOUT_MS = 12_000;
/** More than this waiting to be sent means that the link is stuck: a look sent now would be late. */
const MAX_LOOK_BACKLOG_BYTES = 1_024;

/** What the platform offers for WebRTC. In Node both come from @roamhq/wrtc. */
export interface RtcParts {
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  readonly MediaStream: typeof MediaStream;
}

/** STUN and TURN servers of the page's own; those that the robot provides are added to them. */
export type IceSettings = Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>;

export interface CallEvents {
  onMessage(data: unknown): void;
  onMedia(kind: 'video' | 'audio', stream: MediaStream): void;
  /** The connection is lost for good; a new call is needed. Called once, not after `close`. */
  onLost(why: string): void;
  /** The connection is `disconnected` or `failed`: an ICE restart may find another path. */
  onShaken(state: 'disconnected' | 'failed'): void;
}

interface OfferManner {
  /** Candidates follow by `onCandidate`; otherwise they are in the offer. */
  readonly trickle: boolean;
  readonly iceServers: IceServers['iceServers'];
}

/** One WebRTC connection to the robot, from offer to end. */
export class Call {
  private readonly pc: RTCPeerConnection;
  private readonly look: RTCDataChannel;
  private readonly control: RTCDataChannel;
  private readonly prepared: Promise<RTCSessionDescriptionInit>;
  private readonly found = new FoundCandidates();
  /** The robot's, until its answer is applied; undefined from then on. */
  private early: Candidate[] | undefined = [];
  private closed = false;
  private up = false;
  /** What a failure means now: the call was never established, or it was lost. */
  private fail: (why: string) => void = () => {};

  constructor(
    private readonly clock: ClientClock,
    private readonly rtc: RtcParts,
    private readonly ice: IceSettings,
    microphone: MediaStreamTrack | undefined,
    private readonly events: CallEvents,
  ) {
    this.pc = new rtc.RTCPeerConnection(this.configuration([]));
    this.look = this.pc.createDataChannel(LOOK_CHANNEL, { ordered: false, maxRetransmits: 0 });
    this.control = this.pc.createDataChannel(CONTROL_CHANNEL);
    this.pc.addTransceiver('video', { direction: 'recvonly' });
    if (microphone) this.pc.addTransceiver(microphone, { direction: 'sendrecv' });
    else this.pc.addTransceiver('audio', { direction: 'recvonly' });
    this.listen();
    // Needs nothing from the robot, so it runs ahead. Candidates are looked for from `offer` on.
    this.prepared = this.pc.createOffer();
    this.prepared.catch(() => undefined);
  }

  async offer({ trickle, iceServers }: OfferManner): Promise<string> {
    this.addIceServers(iceServers);
    const prepared = await this.prepared;
    this.found.renew();
    await this.pc.setLocalDescription(prepared);
    if (!trickle) await this.gathered();
    return this.localSdp();
  }

  /** Ours of the offer made last that it does not hold itself; `undefined`: there are no more. */
  tellCandidates(onCandidate: OnCandidate): void {
    this.found.tell(onCandidate);
  }

  /** Resolves when both channels are open. */
  async accept(answer: string): Promise<void> {
    const opened = new Promise<void>((resolve, reject) => {
      this.fail = (why) => reject(new AccessError('failed', why));
      Promise.all([isOpen(this.look), isOpen(this.control)]).then(() => resolve(), reject);
    });
    opened.catch(() => undefined);
    await this.apply(answer);
    await within(this.clock, OPEN_TIMEOUT_MS, opened, () => unopened(this.pc.connectionState));
    this.fail = (why) => this.events.onLost(why);
    this.up = true;
  }

  /** An offer that restarts ICE on the existing connection (RFC 8445, 9). */
  async restart(iceServers: IceServers['iceServers']): Promise<string> {
    this.addIceServers(iceServers);
    this.early = [];
    const offer = await this.pc.createOffer({ iceRestart: true });
    this.found.renew();
    await this.pc.setLocalDescription(offer);
    return this.localSdp();
  }

  /** Applies the robot's answer to it. The old path is used until a new one is found. */
  async takeRestart(answer: string): Promise<void> {
    await this.apply(answer);
  }

  /** There will be no answer: rolls the offer back. */
  async dropRestart(): Promise<void> {
    if (this.closed || this.pc.signalingState !== 'have-local-offer') return;
    await this.pc.setLocalDescription({ type: 'rollback' }).catch(() => undefined);
  }

  /** Adds trickled candidates of the robot, also those that arrive before its answer. */
  addCandidates(candidates: readonly Candidate[]): void {
    if (this.early) this.early.push(...candidates);
    else for (const candidate of candidates) this.add(candidate);
  }

  sendControl(text: string): boolean {
    return sent(this.control, text);
  }

  /** False when it could not go out now; the caller keeps only the newest. */
  sendLook(text: string): boolean {
    if (this.look.bufferedAmount > MAX_LOOK_BACKLOG_BYTES) return false;
    return sent(this.look, text);
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
    this.pc.onicecandidate = ({ candidate }) => {
      const found = candidate?.candidate ? candidateOf(candidate) : undefined;
      // The end of candidates is null, or a candidate with an empty string.
      if (found || !candidate?.candidate) this.found.take(found);
    };
    this.pc.onconnectionstatechange = () => {
      const state = this.pc.connectionState;
      if (this.closed || (state !== 'disconnected' && state !== 'failed')) return;
      if (this.up) this.events.onShaken(state);
      else if (state === 'failed') this.lost('connection failed');
    };
    this.pc.ontrack = ({ track, receiver }) => {
      receiveWithLowDelay(receiver);
      // One stream a kind: in one stream the browser would hold pictures back for lip sync.
      const kind = track.kind === 'video' ? 'video' : 'audio';
      this.events.onMedia(kind, new this.rtc.MediaStream([track]));
    };
  }

  private configuration(provided: IceServers['iceServers']): RTCConfiguration {
    const iceServers = [...(this.ice.iceServers ?? []), ...provided];
    return { bundlePolicy: 'max-bundle', ...this.ice, iceServers };
  }

  /** A server URL that this browser rejects must not fail the call: other candidates remain. */
  private addIceServers(servers: IceServers['iceServers']): void {
    if (servers.length === 0 || this.takes(servers)) return;
    this.takes(servers.filter((server) => this.takes([server])));
  }

  private takes(servers: IceServers['iceServers']): boolean {
    try {
      this.pc.setConfiguration(this.configuration(servers));
      return true;
    } catch {
      return false;
    }
  }

  private async apply(answer: string): Promise<void> {
    try {
      await this.pc.setRemoteDescription({ type: 'answer', sdp: answer });
    } catch (error) {
      throw new AccessError('failed', `the robot's answer does not fit the offer: ${error}`);
    }
    const { early } = this;
    this.early = undefined;
    this.addCandidates(early ?? []);
  }

  private add({ candidate, mid, line, ufrag }: Candidate): void {
    const init: RTCIceCandidateInit = {
      ...{ candidate, sdpMid: mid ?? null, sdpMLineIndex: line ?? null },
      ...(ufrag === undefined ? {} : { usernameFragment: ufrag }),
    };
    // Of an address that this browser cannot use, or that came too late.
    this.pc.addIceCandidate(init).catch(() => undefined);
  }

  private localSdp(): string {
    const sdp = this.pc.localDescription?.sdp;
    if (sdp === undefined) throw new AccessError('failed', 'the browser made no offer');
    this.found.leaveOut(sdp);
    return sdp;
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

function unopened(state: RTCPeerConnectionState): never {
  throw new AccessError(
    'failed',
    `no connection to the robot within ${OPEN_TIMEOUT_MS} ms (${state}); does the network let UDP through?`,
  );
}
