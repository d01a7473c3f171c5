import { z } from 'zod';
import { enveloped, type Fields } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { LatestWriter } from '../state/latest-writer.ts';
import { expectShape } from '../state/parsing.ts';
import { StateFile, type StateFormat } from '../state/state-file.ts';

export const CLOCKS_FILE = 'invitation-clocks.json';

const Running = z.looseObject({
  boot: z.string().min(1).max(64),
  /** When it was issued, by the monotonic clock of that boot. */
  issuedMs: z.number(),
  /** How long it is good for. */
  lifeMs: z.number().positive(),
});
type Running = z.infer<typeof Running>;

const File = z.looseObject({ running: z.record(z.string().max(40), z.unknown()) });

interface Clocks {
  readonly all: ReadonlyMap<string, Running>;
  /** What is not understood of the file and of its clocks: a newer version's, kept. */
  readonly rest: Fields;
  readonly strange: Fields;
}

const noClocks: Clocks = { all: new Map(), rest: {}, strange: {} };

const format: StateFormat<Clocks> = {
  schema: enveloped('invitation-clocks'),
  read(fields) {
    const { running, ...rest } = expectShape(File, fields);
    const all = new Map<string, Running>();
    const strange: Record<string, unknown> = {};
    for (const [id, value] of Object.entries(running)) {
      const one = Running.safeParse(value).data;
      if (one) all.set(id, one);
      else strange[id] = value;
    }
    return { value: { all, rest, strange }, strange: 0 };
  },
  write: ({ all, rest, strange }) => ({
    ...rest,
    running: { ...strange, ...Object.fromEntries(all) },
  }),
};

/**
 * How long invitations have left that were issued while nobody knew what time it was, by their id:
 * counted by the machine's own beat, which is good for one boot. In the device registry such an
 * invitation has expired, so whoever does not find it here keeps it shut: an older version of us, a
 * disk that lost this file, the next boot.
 */
export class InvitationClocks {
  private readonly all: Map<string, Running>;
  /** Each write holds what is true when its turn comes. */
  private readonly writer: LatestWriter<undefined>;

  private constructor(
    file: StateFile<Clocks>,
    private readonly log: Log,
    kept: Clocks,
  ) {
    this.all = new Map(kept.all);
    this.writer = new LatestWriter(() => file.save({ ...kept, all: new Map(this.all) }));
  }

  static async open(storage: Storage, log: Log): Promise<InvitationClocks> {
    const file = new StateFile(storage, log, CLOCKS_FILE, format);
    const loaded = await file.load().catch(() => undefined);
    return new InvitationClocks(file, log, loaded && 'value' in loaded ? loaded.value : noClocks);
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
    await this.writer.saved(undefined).catch((error: unknown) => {
      this.all.delete(id);
      throw error;
    });
  }

  /** A clock that stays behind on disk is stopped at the next start: nobody has to wait. */
  async stop(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) this.all.delete(id);
    await this.writer
      .saved(undefined)
      .catch((error: unknown) =>
        this.log.warn({ error: String(error) }, 'invitation clocks not written to disk'),
      );
  }
}
