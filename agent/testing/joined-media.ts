import { memoryPipe, type Pipe } from '../../firmware/link/pipe.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { MediaHardware } from '../../hal/ports/media.ts';
import type { OpenMediaPeer } from '../media/media-peer.ts';
import { MediaService } from '../media/media-service.ts';
import { RemoteMedia } from '../media-link/remote-media.ts';

interface JoinedMediaParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly hardware: MediaHardware;
  readonly openPeer: OpenMediaPeer;
  /** As a socket: what is sent arrives a little later; with `directPipe` at once. */
  readonly pipe?: () => [Pipe, Pipe];
}

/** Agent's end and media process joined in one process, with the boundary between them. */
export class JoinedMedia {
  readonly remote: RemoteMedia;
  /** The agent asked for a fresh process so often. */
  quits = 0;
  readonly refused: string[] = [];
  /** The media process' end of the link. */
  link: Pipe | undefined;
  private service: MediaService | undefined;
  /** The media process does not hear the agent, and goes on telling. */
  deaf = false;
  private frozen = false;

  constructor(private readonly parts: JoinedMediaParts) {
    const { clock, log, pipe = memoryPipe } = parts;
    this.recover();
    this.remote = new RemoteMedia({
      ...{ clock, log },
      ice: () => ({ servers: [], policy: 'all' }),
      connect: async () => {
        if (!this.service) throw new Error('connect ECONNREFUSED');
        const [agent, media] = pipe();
        this.link = media;
        this.service.attach(this.heldBack(media));
        return agent;
      },
      onRefused: (reason) => this.refused.push(reason),
    });
    this.remote.start();
  }

  /** As when the process is killed: its devices and connections go with it. */
  die(): void {
    void this.service?.close();
    this.service = undefined;
    this.link?.close();
  }

  /** The process hangs: the link stays open, nothing is read and nothing is said. */
  freeze(): void {
    this.frozen = true;
  }

  /** It runs again, with devices that it opened anew where the old ones are closed. */
  recover(hardware = this.parts.hardware): void {
    const { clock, log, openPeer } = this.parts;
    this.frozen = false;
    this.service ??= new MediaService({
      ...{ clock, log, hardware },
      openPeer: (events) => openPeer(events),
      reach: async (servers) => servers,
      onQuit: () => {
        this.quits += 1;
      },
    });
  }

  /** Somebody else connects to the media process, as an agent that was started anew. */
  newAgent(onLine: (line: string | undefined) => void = () => {}): Pipe {
    const [agent, media] = memoryPipe();
    agent.onLine(onLine);
    this.service?.attach(media);
    return agent;
  }

  private heldBack(pipe: Pipe): Pipe {
    return {
      send: (line) => {
        if (!this.frozen) pipe.send(line);
      },
      onLine: (listener) =>
        pipe.onLine((line) => {
          if (!this.frozen && !this.deaf) listener(line);
        }),
      onClose: (listener) => pipe.onClose(listener),
      close: () => pipe.close(),
    };
  }
}

/** Two joined ends. What is sent is there when `send` returns, in order, and never in the midst of a turn. */
export function directPipe(): [Pipe, Pipe] {
  const waiting: (() => void)[] = [];
  let busy = false;
  const deliver = (act: () => void): void => {
    waiting.push(act);
    if (busy) return;
    busy = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) next();
    busy = false;
  };
  const [left, right] = memoryPipe();
  const listeners = new Map<Pipe, (line: string | undefined) => void>();
  const open = new Set([left, right]);
  const end = (mine: Pipe, theirs: Pipe): Pipe => {
    mine.onClose(() => open.delete(mine));
    return {
      send: (line) => deliver(() => open.has(theirs) && listeners.get(theirs)?.(line)),
      onLine: (listener) => listeners.set(mine, listener),
      onClose: (listener) => mine.onClose(listener),
      close: () => mine.close(),
    };
  };
  return [end(left, right), end(right, left)];
}
