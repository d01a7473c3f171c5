import { memoryPipe, type Pipe } from '../../firmware/link/pipe.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { MediaHardware } from '../../hal/ports/media.ts';
import type { CodeDecoder } from '../media/code-thread.ts';
import type { OpenMediaPeer } from '../media/media-peer.ts';
import { MediaService } from '../media/media-service.ts';
import { RemoteMedia } from '../media-link/remote-media.ts';

interface JoinedMediaParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly hardware: MediaHardware;
  readonly openPeer: OpenMediaPeer;
  /** None by default: no picture has a code. */
  readonly decoder?: CodeDecoder;
  /** Like a socket by default: messages arrive a little later; with `directPipe` at once. */
  readonly pipe?: () => [Pipe, Pipe];
}

/** The agent's end and the media process in one process, with the link between them. */
export class JoinedMedia {
  readonly remote: RemoteMedia;
  /** How often the agent requested a fresh process. */
  quits = 0;
  readonly refused: string[] = [];
  /** The media process' end of the link. */
  link: Pipe | undefined;
  private service: MediaService | undefined;
  /** The media process ignores the agent, and keeps sending. */
  deaf = false;
  private frozen = false;

  /** What every picture shows, for the decoder that is there by default. */
  readonly codes: string[] = [];

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
        this.service.attach(this.filtered(media));
        return agent;
      },
      onRefused: (reason) => this.refused.push(reason),
    });
    this.remote.start();
  }

  /** As if the process were killed: its devices and connections are gone. */
  die(): void {
    void this.service?.close();
    this.service = undefined;
    this.link?.close();
  }

  /** The process hangs: the link stays open, nothing is read or sent. */
  freeze(): void {
    this.frozen = true;
  }

  /** Runs again, with devices reopened where the old ones are closed. */
  recover(hardware = this.parts.hardware): void {
    const { clock, log, openPeer, decoder } = this.parts;
    this.frozen = false;
    this.service ??= new MediaService({
      ...{ clock, log, hardware },
      openPeer: (events) => openPeer(events),
      decoder: decoder ?? { decode: async () => [...this.codes], rest: () => {} },
      reach: async (servers) => servers,
      onQuit: () => {
        this.quits += 1;
      },
    });
  }

  /** Another connection to the media process, as by a restarted agent. */
  newAgent(onLine: (line: string | undefined) => void = () => {}): Pipe {
    const [agent, media] = memoryPipe();
    agent.onLine(onLine);
    this.service?.attach(media);
    return agent;
  }

  private filtered(pipe: Pipe): Pipe {
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

/** Two connected ends. Messages are delivered in order before `send` returns, never reentrantly. */
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
