import { z } from 'zod';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';

export const CLOCKS_FILE = 'invitation-clocks.json';

const Running = z.looseObject({
  boot: z.string().min(1).max(64),
  /** When it was issued, by the monotonic clock of that boot. */
  issuedMs: z.number(),
  /** How long it is good for. */
  lifeMs: z.number().positive(),
});
export type Running = z.infer<typeof Running>;

const File = z.looseObject({ running: z.record(z.string().max(40), z.unknown()) });

/**
 * How long invitations have left that were issued while nobody knew what time it was, by their id:
 * counted by the machine's own beat, which is good for one boot. In the guest list such an
 * invitation has expired, so whoever does not find it here keeps it shut: an older version of us, a
 * disk that lost this file, the next boot.
 */
export class InvitationClocks {
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly storage: Storage,
    private readonly log: Log,
    private readonly all: Map<string, Running>,
  ) {}

  static async open(storage: Storage, log: Log): Promise<InvitationClocks> {
    const text = await storage.read(CLOCKS_FILE).catch(() => undefined);
    return new InvitationClocks(storage, log, new Map(text === undefined ? [] : entriesOf(text)));
  }

  of(id: string): Running | undefined {
    return this.all.get(id);
  }

  get ids(): string[] {
    return [...this.all.keys()];
  }

  /** On disk when this resolves. */
  async start(id: string, running: Running): Promise<void> {
    this.all.set(id, running);
    await this.save().catch((error: unknown) => {
      this.all.delete(id);
      throw error;
    });
  }

  /** A clock that stays behind on disk is stopped at the next start: nobody has to wait. */
  async stop(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) this.all.delete(id);
    await this.save().catch((error: unknown) =>
      this.log.warn({ error: String(error) }, 'invitation clocks not written to disk'),
    );
  }

  /** One write after the other, each with what is true when its turn comes. */
  private save(): Promise<void> {
    const done = this.writing.then(() => {
      const running = Object.fromEntries(this.all);
      return this.storage.write(CLOCKS_FILE, JSON.stringify({ running }));
    });
    this.writing = done.catch(() => undefined);
    return done;
  }
}

function entriesOf(text: string): [string, Running][] {
  try {
    const { running } = File.parse(JSON.parse(text));
    return Object.entries(running).flatMap(([id, value]) => {
      const one = Running.safeParse(value).data;
      return one ? [[id, one] as [string, Running]] : [];
    });
  } catch {
    return [];
  }
}
