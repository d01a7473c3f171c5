import type { Native } from '../wrtc.ts';

type Act = (...args: unknown[]) => unknown;

/** What the fake library does; a test makes single calls of it throw. */
export class ThrowingLibrary {
  /** Names of calls that throw from now on, `send` or `close` for instance; `*` is all of them. */
  readonly throwing = new Set<string>();
  readonly called: string[] = [];
  readonly connections: FakeNativeConnection[] = [];
  /** What each connection answers. */
  answer = 'v=0 answer';
  readonly native: Native;

  constructor() {
    const act = (name: string): void => this.act(name);
    const answer = (): string => this.answer;
    const { connections } = this;
    class Connection extends FakeNativeConnection {
      constructor() {
        super(act, answer);
        connections.push(this);
      }
    }
    class Source {
      createTrack = () => ({ kind: 'audio', stop: () => act('stop') });
      onData = () => act('onData');
      onFrame = () => act('onFrame');
    }
    class Sink {
      ondata: Act | null = null;
      constructor() {
        act('sink');
        connections.at(-1)?.sinks.push(this);
      }
      stop = () => act('stop');
    }
    this.native = {
      RTCPeerConnection: Connection,
      MediaStream: class {},
      nonstandard: {
        ...{ RTCVideoSource: Source, RTCAudioSource: Source },
        ...{ RTCAudioSink: Sink, RTCVideoSink: Sink },
      },
    } as unknown as Native;
  }

  private act(name: string): void {
    this.called.push(name);
    if (!this.throwing.has(name) && !this.throwing.has('*')) return;
    throw new DOMException(`${name}: gone in the meantime`, 'InvalidStateError');
  }
}

/** What a browser offers, in the least of words. */
export const OFFER = [
  'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2',
  'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=recvonly\r\na=rtpmap:96 VP8/90000',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=sendrecv\r\na=rtpmap:111 opus/48000/2',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\na=sctp-port:5000\r\n',
].join('\r\n');

/** A channel as the library makes it. Its state may say `open` though it is not any more. */
class FakeNativeChannel {
  readyState = 'open';
  binaryType = '';
  readonly sent: string[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(
    readonly label: string,
    private readonly act: (name: string) => void,
  ) {}

  send(text: string): void {
    this.act('send');
    this.sent.push(text);
  }

  close(): void {
    this.act('close');
  }
}

class FakeNativeConnection {
  connectionState = 'connected';
  signalingState = 'stable';
  iceGatheringState = 'complete';
  localDescription = { type: 'answer', sdp: 'v=0 answer' };
  remoteDescription = { type: 'offer', sdp: 'v=0 offer' };
  readonly sinks: { ondata: Act | null }[] = [];
  ontrack: ((event: { track: object }) => void) | null = null;
  ondatachannel: ((event: { channel: FakeNativeChannel }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  onicegatheringstatechange: (() => void) | null = null;

  constructor(
    private readonly act: (name: string) => void,
    private readonly answer: () => string,
  ) {
    act('connection');
  }

  setRemoteDescription = async (): Promise<void> => this.act('setRemoteDescription');
  setLocalDescription = async (): Promise<void> => {
    this.act('setLocalDescription');
    this.onicegatheringstatechange?.();
  };
  setConfiguration(): void {
    this.act('setConfiguration');
  }
  addIceCandidate = async (): Promise<void> => this.act('addIceCandidate');
  createAnswer = async (): Promise<object> => {
    this.act('createAnswer');
    return { type: 'answer', sdp: this.answer() };
  };
  addTrack(): object {
    this.act('addTrack');
    return {};
  }
  getTransceivers(): [] {
    return [];
  }
  async getStats(): Promise<Map<string, object>> {
    this.act('getStats');
    return new Map();
  }
  close(): void {
    this.act('close');
  }

  channel(label: string): FakeNativeChannel {
    const channel = new FakeNativeChannel(label, this.act);
    this.ondatachannel?.({ channel });
    return channel;
  }
}
