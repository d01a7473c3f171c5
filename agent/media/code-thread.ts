/** The owner's side of the thread that reads codes. */
import { Worker } from 'node:worker_threads';
import type { LumaPicture } from './code-reader.ts';

export interface ToCodeThread extends LumaPicture {
  readonly id: number;
}

export type FromCodeThread =
  | { readonly id: number; readonly ok: true; readonly texts: readonly string[] }
  | { readonly id: number; readonly ok: false; readonly why: string };

/** Where pictures are read. */
export interface CodeDecoder {
  /** The texts in the picture, whose memory is handed over. Rejects when codes cannot be read. */
  decode(picture: LumaPicture): Promise<readonly string[]>;
  /** Ends its thread; the next picture begins another one. */
  rest(): void;
}

interface Waiting {
  readonly resolve: (texts: readonly string[]) => void;
  readonly reject: (error: Error) => void;
}

/** Starts its thread with the first picture, and ends it when codes are looked for no longer. */
export class CodeThread implements CodeDecoder {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;

  constructor(private readonly entry: URL) {}

  decode({ width, height, luma }: LumaPicture): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.worker ??= this.open();
      this.waiting.set(id, { resolve, reject });
      const picture: ToCodeThread = { id, width, height, luma };
      this.worker.postMessage(picture, [luma.buffer as ArrayBuffer]);
    });
  }

  rest(): void {
    const { worker } = this;
    this.worker = undefined;
    void worker?.terminate();
    this.fail('codes are looked for no longer');
  }

  private open(): Worker {
    const worker = new Worker(this.entry);
    worker.unref();
    worker.on('message', (message: FromCodeThread) => this.take(message));
    const lost = (why: string): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.fail(why);
    };
    worker.on('error', (error) => lost(`the thread that reads codes failed: ${String(error)}`));
    worker.on('exit', () => lost('the thread that reads codes ended'));
    return worker;
  }

  private take(message: FromCodeThread): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.ok) waiting?.resolve(message.texts);
    else waiting?.reject(new Error(message.why));
  }

  private fail(why: string): void {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(new Error(why));
  }
}
