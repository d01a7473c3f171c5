/** The page's end of the `/world` WebSocket: connects by itself, again and again. */
import { jsonOf } from '../../../../hal/common/json.ts';
import type { Clock } from '../../../../hal/ports/clock.ts';
import { type PageCommand, PageMessage, type Scene, type SimStatus } from '../../messages.ts';

const RECONNECT_MS = 1_000;

/** A command without its number, which the link gives. */
export type Ask = PageCommand extends infer C
  ? C extends PageCommand
    ? Omit<C, 'seq'>
    : never
  : never;

interface WorldListener {
  scene(scene: Scene): void;
  status(status: SimStatus): void;
  connected(connected: boolean): void;
  refused(reason: string): void;
}

export class WorldLink {
  private socket: WebSocket | undefined;
  private seq = 0;

  constructor(
    private readonly url: string,
    private readonly clock: Clock,
    private readonly listener: WorldListener,
  ) {}

  connect(): void {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.addEventListener('open', () => this.listener.connected(true));
    socket.addEventListener('message', ({ data }) => this.hear(data));
    socket.addEventListener('close', () => {
      this.listener.connected(false);
      this.clock.after(RECONNECT_MS, () => this.connect());
    });
  }

  ask(command: Ask): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.seq += 1;
    this.socket.send(JSON.stringify({ ...command, seq: this.seq }));
  }

  private hear(data: unknown): void {
    const parsed = PageMessage.safeParse(parseJson(data));
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.kind === 'scene') this.listener.scene(message);
    else if (message.kind === 'status') this.listener.status(message);
    else this.listener.refused(message.reason);
  }
}

const parseJson = (data: unknown): unknown => (typeof data === 'string' ? jsonOf(data) : undefined);
