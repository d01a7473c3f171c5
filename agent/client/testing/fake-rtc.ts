import type { RtcParts } from '../call.ts';

/** A data channel whose other end is the test. */
class FakeChannel {
  readyState: RTCDataChannelState = 'connecting';
  bufferedAmount = 0;
  readonly sent: { kind: string; seq: number; [field: string]: unknown }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly label: string) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
}

class FakeConnection {
  connectionState: RTCPeerConnectionState = 'new';
  signalingState = 'stable';
  /** Applied; the second is that of a restart. */
  answers = 0;
  rollbacks = 0;
  iceGatheringState: RTCIceGatheringState = 'complete';
  localDescription: { sdp: string } | null = null;
  readonly channels = new Map<string, FakeChannel>();
  readonly transceivers: { kind: unknown; direction: string | undefined }[] = [];
  /** What it was given: of the robot, after its answer. */
  readonly candidates: { candidate: string }[] = [];
  readonly configurations: RTCConfiguration[] = [];
  onicecandidate: ((event: { candidate: object | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  onicegatheringstatechange: (() => void) | null = null;
  ontrack: ((event: { track: object; receiver: object }) => void) | null = null;

  createDataChannel(label: string): FakeChannel {
    const channel = new FakeChannel(label);
    this.channels.set(label, channel);
    return channel;
  }

  addTransceiver(kind: unknown, init: { direction?: string }): void {
    this.transceivers.push({ kind, direction: init.direction });
  }

  async createOffer({ iceRestart = false } = {}): Promise<{ sdp: string }> {
    return { sdp: `v=0 ${iceRestart ? 'restart' : 'offer'} ${Math.random()}` };
  }

  async setLocalDescription(description: { sdp: string; type?: string }): Promise<void> {
    this.signalingState = description.type === 'rollback' ? 'stable' : 'have-local-offer';
    if (description.type === 'rollback') {
      this.rollbacks += 1;
      return;
    }
    this.localDescription = { ...description };
    void this.findAtOnce(this.localDescription);
  }

  /** The first is in the description by the time that it can be read, as with a browser. */
  private async findAtOnce(description: { sdp: string }): Promise<void> {
    const [first, ...others] = this.findsAtOnce;
    if (first === undefined) return;
    description.sdp += ` ${first}`;
    this.find(first);
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    for (const candidate of others) this.find(candidate);
  }

  /** What ICE finds as soon as it is let, with each description anew: most of it sooner than a signature. */
  findsAtOnce: readonly string[] = [];

  /** The network of this fake lets all through that a robot answered. */
  async setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    if (!sdp.startsWith('v=0')) throw new Error('not an SDP');
    this.signalingState = 'stable';
    this.answers += 1;
    this.connectionState = 'connected';
    if (this.answers > 1) return;
    const receiver = { track: { kind: 'video' } };
    this.ontrack?.({ track: receiver.track, receiver });
    for (const channel of this.channels.values()) {
      channel.readyState = 'open';
      channel.onopen?.();
    }
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configurations.push(configuration);
  }

  async addIceCandidate(candidate: { candidate: string }): Promise<void> {
    this.candidates.push(candidate);
  }

  /** ICE of this side found an address, or (null) will find no more. */
  find(candidate: string | null): void {
    const found = { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null };
    this.onicecandidate?.({ candidate: candidate === null ? null : found });
  }

  /** Of media; the test counts on when some comes. */
  packetsReceived = 0;

  async getStats(): Promise<Map<string, object>> {
    return new Map([['sound', { type: 'inbound-rtp', packetsReceived: this.packetsReceived }]]);
  }

  close(): void {
    this.connectionState = 'closed';
    for (const channel of this.channels.values()) channel.readyState = 'closed';
  }
}

class FakeStream {
  constructor(readonly tracks: object[]) {}
}

/** WebRTC without a network: the test is the robot's end of each connection. */
export class FakeRtc {
  readonly connections: FakeConnection[] = [];
  /** Of connections that are made from now on. */
  findsAtOnce: readonly string[] = [];
  readonly parts: RtcParts;

  constructor() {
    const { connections } = this;
    const findsAtOnce = (): readonly string[] => this.findsAtOnce;
    class Connection extends FakeConnection {
      constructor() {
        super();
        this.findsAtOnce = findsAtOnce();
        connections.push(this);
      }
    }
    // The client uses of both what the fakes have.
    this.parts = { RTCPeerConnection: Connection, MediaStream: FakeStream } as unknown as RtcParts;
  }

  /** What the client sent on the reliable channel of its newest connection. */
  get sent(): FakeChannel['sent'] {
    return this.channel('control').sent;
  }

  channel(label: 'look' | 'control'): FakeChannel {
    const channel = this.connections.at(-1)?.channels.get(label);
    if (!channel) throw new Error(`no channel ${label}: the client made no connection`);
    return channel;
  }

  /** The robot says something on the reliable channel. */
  say(data: unknown): void {
    this.channel('control').onmessage?.({ data });
  }

  /** ICE gives the newest connection up. */
  fail(): void {
    this.become('failed');
  }

  become(state: RTCPeerConnectionState): void {
    const newest = this.connections.at(-1);
    if (!newest) return;
    newest.connectionState = state;
    newest.onconnectionstatechange?.();
  }

  /** The robot closes its end of the newest connection. */
  hangUp(): void {
    this.channel('control').onclose?.();
  }
}
