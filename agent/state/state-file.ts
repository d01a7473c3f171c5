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

/** Files of one kind that are kept beside a file, as damaged ones; the last is overwritten. */
export const MAX_SET_ASIDE = 5;

/** What is understood of a file. `strange` counts parts of it that are damaged, and that are kept. */
interface Understood<T> {
  readonly value: T;
  readonly strange: number;
}

/**
 * How a value stands in a file, inside its envelope. A newer version may have written it: what is not
 * understood has to go through `read` and `write` unharmed.
 */
export interface StateFormat<T> {
  readonly schema: Schema;
  /** Throws when nothing of it can be used; the message says which field, and what was expected. */
  read(fields: Fields, written: Written): Understood<T> | Promise<Understood<T>>;
  write(value: T): Fields;
}

type Loaded<T> =
  /** It was never written. */
  | { readonly from: 'nothing' }
  | { readonly from: 'file' | 'copy'; readonly value: T }
  /** It was there once, and neither it nor its copy can be used. Both are set aside. */
  | { readonly from: 'damaged'; readonly why: string }
  /** A newer version has written it and does not let this one read it. It is set aside for that one. */
  | { readonly from: 'newer'; readonly why: string };

/** The disk does not give the file away: nobody may take it for missing or damaged. */
export class StateUnreadable extends Error {
  override readonly name = 'StateUnreadable';
}

type Look<T> =
  | { readonly is: 'missing' }
  | { readonly is: 'unreadable' | 'damaged'; readonly why: string }
  | { readonly is: 'newer'; readonly why: string; readonly text: string }
  | ({ readonly is: 'good'; readonly text: string; readonly written: Written } & Understood<T>);

/**
 * One value in a JSON file, with a copy beside it. A file that is cut, flipped, empty or foreign
 * costs nothing while the copy is good, and is set aside as `<name>.corrupt-<n>`, never deleted. One
 * that a newer version keeps to itself becomes `<name>.newer-<n>`, and that version takes it back
 * unless something else has been saved in its place by then.
 *
 * Not safe for concurrent use: its owner calls one method after the other.
 */
export class StateFile<T> {
  private readonly copyName: string;
  /** Who has written what was loaded. */
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
    // A copy that stayed behind when a newer version wrote would bring back what was taken away.
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

  /** The copy first: it must not bring back what was taken away. */
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

  /** What is in the file too need not be kept twice. */
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

  /** Nothing is there. What was set aside for a newer version is taken back by one that may read it. */
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

  /** A copy that stayed behind would some day give back a device that was revoked: rather none. */
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

/** The storage did look, and it is none of ours: hal/ports/storage.ts, `read`. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'kind' in error && error.kind === 'badData';
}
