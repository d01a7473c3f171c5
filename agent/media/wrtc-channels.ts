import type { Clock } from '../../hal/ports/clock.ts';
import type { Sent } from '../media-link/peer.ts';
import { CONTROL_CHANNEL, LOOK_CHANNEL } from '../wire/control.ts';
import { FloodGuard } from './flood-guard.ts';
import type { NativeCalls } from './native-calls.ts';

type Label = 'look' | 'control';

interface ChannelsListener {
  onMessage(channel: Label, text: string | undefined, bytes: number): void;
  /** The control channel can be written to. */
  onOpen(): void;
  /** The control channel is gone. */
  onClosed(): void;
  /** Too many channels or messages. */
  onFlood(): void;
}

/** Strange channels that are closed one by one; then it is enough. */
const MAX_STRANGE = 8;

/**
 * The pupil's two data channels; any other, and a second of the same name, is closed unheard. That
 * one is open says no more than that it was: it may close on another thread before it is written to.
 */
export class WrtcChannels {
  private readonly known = new Map<Label, RTCDataChannel>();
  private readonly guard: FloodGuard;
  private strange = 0;
  private closed = false;

  constructor(
    private readonly calls: NativeCalls,
    clock: Clock,
    private readonly listener: ChannelsListener,
  ) {
    this.guard = new FloodGuard(clock);
  }

  get isOpen(): boolean {
    const control = this.known.get(CONTROL_CHANNEL);
    return control !== undefined && this.stateOf(control) === 'open';
  }

  adopt(channel: RTCDataChannel): void {
    const label = this.calls.call('channel label', () => channel.label);
    if (!label.ok || this.closed || !isLabel(label.value) || this.known.has(label.value)) {
      this.calls.call('close a channel', () => channel.close());
      this.strange += 1;
      if (this.strange > MAX_STRANGE && !this.closed) this.listener.onFlood();
      return;
    }
    this.known.set(label.value, channel);
    this.listen(label.value, channel);
    if (label.value === CONTROL_CHANNEL && this.isOpen) this.listener.onOpen();
  }

  send(text: string): Sent {
    const control = this.known.get(CONTROL_CHANNEL);
    if (this.closed || control === undefined || this.stateOf(control) !== 'open') return 'notOpen';
    return this.calls.call('send', () => control.send(text)).ok ? 'sent' : 'failed';
  }

  close(): void {
    this.closed = true;
    for (const channel of this.known.values())
      this.calls.call('close a channel', () => channel.close());
  }

  private listen(label: Label, channel: RTCDataChannel): void {
    const { calls, listener } = this;
    calls.call('channel settings', () => {
      channel.binaryType = 'arraybuffer';
    });
    channel.onmessage = calls.callback('channel message', ({ data }: MessageEvent) =>
      this.receive(label, data),
    );
    if (label !== CONTROL_CHANNEL) return;
    channel.onopen = calls.callback('channel open', () => {
      if (!this.closed) listener.onOpen();
    });
    channel.onclose = calls.callback('channel closed', () => {
      if (!this.closed) listener.onClosed();
    });
  }

  private receive(label: Label, data: unknown): void {
    if (this.closed) return;
    const text = typeof data === 'string' ? data : undefined;
    const bytes = text === undefined ? sizeOf(data) : Buffer.byteLength(text, 'utf8');
    if (this.guard.takes(bytes)) this.listener.onMessage(label, text, bytes);
    else this.listener.onFlood();
  }

  private stateOf(channel: RTCDataChannel): RTCDataChannelState {
    const state = this.calls.call('channel state', () => channel.readyState);
    return state.ok ? state.value : 'closed';
  }
}

function sizeOf(data: unknown): number {
  return data instanceof ArrayBuffer ? data.byteLength : 0;
}

function isLabel(label: string): label is Label {
  return label === LOOK_CHANNEL || label === CONTROL_CHANNEL;
}
