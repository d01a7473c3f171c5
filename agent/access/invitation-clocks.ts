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
  /** Validity, milliseconds. */
  lifeMs: z.number().positive(),
});
type Running = z.infer<typeof Running>;

const File = z.looseObject({ running: z.record(z.string().max(40), z.unknown()) });

interface Clocks {
  readonly all: ReadonlyMap<string, Running>;
  /** Unknown fields of the file and its clocks, from a newer version; kept. */
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
 * Remaining validity, by id, of invitations issued while the time of day was unknown: counted by
 * the monotonic clock, within one boot. The device registry lists such an invitation as expired, so
 * it is void wherever it is not found here: with an older version, without this file, after a
 * reboot.
 */
export class InvitationClocks {
  private readonly all: Map<string, Running>;
  /** Each write takes the state at the time it runs. */
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

  /** A clock that remains on disk is stopped at the next start, so nobody has to wait for this. */
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
