import {
  type Fields,
  NewerSchema,
  openEnvelope,
  type Schema,
  sealEnvelope,
  type Written,
} from '../../hal/common/envelope.ts';
import { messageOf } from '../../hal/common/errors.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';

/** Maximum number of files set aside per kind, such as damaged ones; the last is overwritten. */
export const MAX_SET_ASIDE = 5;

/** The parsed value. `strange` counts damaged parts, which are kept. */
interface Understood<T> {
  readonly value: T;
  readonly strange: number;
}

/**
 * How a value is stored inside its envelope. A newer version may have written it: fields that are
 * not understood must survive `read` followed by `write`.
 */
export interface StateFormat<T> {
  readonly schema: Schema;
  /** Throws when nothing is usable; the message names the field, and what was expected. */
  read(fields: Fields, written: Written): Understood<T> | Promise<Understood<T>>;
  write(value: T): Fields;
}

type Loaded<T> =
  /** It was never written. */
  | { readonly from: 'nothing' }
  | { readonly from: 'file' | 'copy'; readonly value: T }
  /** The file existed, but neither it nor its copy is usable. Both are set aside. */
  | { readonly from: 'damaged'; readonly why: string }
  /** Written by a newer version that this one may not read. It is set aside for that version. */
  | { readonly from: 'newer'; readonly why: string };

/** The disk cannot be read: the file must not be treated as missing or damaged. */
export class StateUnreadable extends Error {
  override readonly name = 'StateUnreadable';
}

type Look<T> =
  | { readonly is: 'missing' }
  | { readonly is: 'unreadable' | 'damaged'; readonly why: string }
  | { readonly is: 'newer'; readonly why: string; readonly text: string }
  | ({ readonly is: 'good'; readonly text: string; readonly written: Written } & Understood<T>);

/**
 * One value in a JSON file, with a copy beside it. A truncated, corrupted, empty or foreign file
 * does no harm while the copy is good; it is set aside as `<name>.corrupt-<n>`, never deleted. One
 * that only a newer version may read becomes `<name>.newer-<n>`, and that version restores it
 * unless something else has been saved in its place by then.
 *
 * Not safe for concurrent use: the owner calls one method at a time.
 */
export class StateFile<T> {
  private readonly copyName: string;
  /** Version that wrote what was loaded. */
  private written: Written | undefined;

  constructor(
    private readonly storage: Storage,
    private readonly log: Log,
    private readonly name: string,
    private readonly format: StateFormat<T>,
  ) {
    this.copyName = `${name}.bak`;
  }

  /** Rejects with StateUnreadable. */
  async load(): Promise<Loaded<T>> {
    const [file, copy] = [await this.look(this.name), await this.look(this.copyName)];
    if (file.is === 'good' && !(copy.is === 'good' && copy.strange < file.strange)) {
      if (copy.is === 'newer') await this.setAside(this.copyName, 'newer');
      if (copy.is !== 'good' || copy.text !== file.text) await this.writeCopy(file.text);
      return this.loaded('file', file);
    }
    // A stale copy from before a newer version wrote would restore what that version removed.
    if (copy.is === 'good' && file.is !== 'newer') return this.restore(file, copy);
    if (file.is === 'unreadable' || copy.is === 'unreadable')
      throw new StateUnreadable(`${this.name}: ${whyOf(file) ?? whyOf(copy)}`);
    // The copy first: alone it would be taken for the last good one.
    await this.clearCopy(file, copy);
    if (file.is !== 'missing')
      await this.setAside(this.name, file.is === 'newer' ? 'newer' : 'corrupt');
    for (const { is, why } of [file, copy].flatMap((look) => ('why' in look ? look : [])))
      if (is === 'newer') return { from: 'newer', why };
    const why = whyOf(file) ?? whyOf(copy);
    return why === undefined ? this.takeBack() : { from: 'damaged', why };
  }

  /** On disk when this resolves. */
  async save(value: T): Promise<void> {
    const fields = this.format.write(value);
    const text = JSON.stringify(sealEnvelope(this.format.schema, fields, this.written));
    await this.storage.write(this.name, text);
    await this.writeCopy(text);
  }

  /** The copy first, so that it cannot restore what was removed. */
  async remove(): Promise<void> {
    await this.storage.remove(this.copyName);
    await this.storage.remove(this.name);
  }

  private async look(name: string): Promise<Look<T>> {
    let text: string | undefined;
    try {
      text = await this.storage.read(name);
    } catch (error) {
      return { is: isTooLarge(error) ? 'damaged' : 'unreadable', why: messageOf(error) };
    }
    if (text === undefined) return { is: 'missing' };
    try {
      const { written, fields } = openEnvelope(this.format.schema, parseJson(text));
      return { is: 'good', text, written, ...(await this.format.read(fields, written)) };
    } catch (error) {
      const why = messageOf(error);
      return error instanceof NewerSchema ? { is: 'newer', why, text } : { is: 'damaged', why };
    }
  }

  /** A copy identical to the file need not be set aside too. */
  private async clearCopy(file: Look<T>, copy: Look<T>): Promise<void> {
    const same = file.is === 'newer' && copy.is === 'newer' && file.text === copy.text;
    if (same) await this.storage.remove(this.copyName);
    else if (copy.is === 'damaged') await this.setAside(this.copyName, 'corrupt');
    else if (copy.is !== 'missing')
      await this.setAside(this.copyName, file.is === 'newer' ? 'outdated' : 'newer');
  }

  private loaded(from: 'file' | 'copy', { value, written }: Good<T>): Loaded<T> {
    this.written = written;
    return { from, value };
  }

  /** No file: restores one that was set aside for a newer version, if this version may read it. */
  private async takeBack(): Promise<Loaded<T>> {
    let last: string | undefined;
    for (let n = 1; n <= MAX_SET_ASIDE && (await this.exists(aside(this.name, 'newer', n))); n++)
      last = aside(this.name, 'newer', n);
    const found = last === undefined ? undefined : await this.look(last);
    if (last === undefined || !found || found.is === 'damaged')
      return (await this.exists(aside(this.name, 'corrupt', 1)))
        ? { from: 'damaged', why: 'an earlier start has set it aside' }
        : { from: 'nothing' };
    if (found.is !== 'good') return { from: 'newer', why: whyOf(found) ?? 'it was gone' };
    await this.storage.rename(last, this.name);
    await this.writeCopy(found.text);
    this.log.info({ file: this.name, from: last }, 'what an older version had set aside is back');
    return this.loaded('file', found);
  }

  private async restore(file: Look<T>, copy: Good<T>): Promise<Loaded<T>> {
    const why = whyOf(file) ?? (file.is === 'missing' ? 'it was gone' : 'a part is damaged');
    this.log.error({ file: this.name, why }, 'a file was damaged; its last good copy is used');
    if (file.is !== 'missing') await this.setAside(this.name, 'corrupt');
    await this.storage
      .write(this.name, copy.text)
      .catch((error) => this.log.warn({ file: this.name, error: String(error) }, 'not mended yet'));
    return this.loaded('copy', copy);
  }

  /** A stale copy could restore a revoked device, so a copy that cannot be written is removed. */
  private async writeCopy(text: string): Promise<void> {
    try {
      await this.storage.write(this.copyName, text);
    } catch (error) {
      this.log.warn({ file: this.copyName, error: String(error) }, 'no copy could be written');
      await this.storage.remove(this.copyName).catch(() => {});
    }
  }

  private async setAside(name: string, why: Aside): Promise<void> {
    try {
      let n = 1;
      while (n < MAX_SET_ASIDE && (await this.exists(aside(this.name, why, n)))) n += 1;
      const to = aside(this.name, why, n);
      await this.storage.rename(name, to);
      this.log.error({ file: name, to }, WORDS[why]);
    } catch (error) {
      this.log.error(
        { file: name, why, error: String(error) },
        'a file that cannot be used stays where it is',
      );
    }
  }

  private exists(name: string): Promise<boolean> {
    return this.storage.read(name).then(
      (text) => text !== undefined,
      () => true,
    );
  }
}

type Good<T> = Look<T> & { readonly is: 'good' };
type Aside = 'corrupt' | 'newer' | 'outdated';

const WORDS = {
  corrupt: 'a damaged file was set aside',
  newer: 'a file that a newer version keeps to itself was set aside for it',
  outdated: 'a copy from before a newer version wrote was set aside',
} as const;

const aside = (name: string, why: Aside, n: number): string => `${name}.${why}-${n}`;

function parseJson(text: string): unknown {
  if (text.trim() === '') throw new Error('empty');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('not JSON');
  }
}

const whyOf = (look: Look<unknown>): string | undefined => ('why' in look ? look.why : undefined);

/** The file was read but is too large to be ours: hal/ports/storage.ts, `read`. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'kind' in error && error.kind === 'badData';
}
