import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';

/** Damaged files that are kept beside a file for whoever wants to look; the last is overwritten. */
export const MAX_SET_ASIDE = 5;

/** What is understood of a file. `strange` counts parts of it that are damaged, and that are kept. */
export interface Understood<T> {
  readonly value: T;
  readonly strange: number;
}

/**
 * How a value stands in a file. A newer version may have written it: what is not understood has to
 * go through `read` and `write` unharmed.
 */
export interface StateFormat<T> {
  /** Throws when nothing of it can be used; the message says which field, and what was expected. */
  read(json: unknown): Understood<T> | Promise<Understood<T>>;
  write(value: T): unknown;
}

export type Loaded<T> =
  /** It was never written. */
  | { readonly from: 'nothing' }
  | { readonly from: 'file' | 'copy'; readonly value: T }
  /** It was there once, and neither it nor its copy can be used. Both are set aside. */
  | { readonly from: 'damaged'; readonly why: string };

/** The disk does not give the file away: nobody may take it for missing or damaged. */
export class StateUnreadable extends Error {
  override readonly name = 'StateUnreadable';
}

type Look<T> =
  | { readonly is: 'missing' }
  | { readonly is: 'unreadable' | 'damaged'; readonly why: string }
  | ({ readonly is: 'good'; readonly text: string } & Understood<T>);

/**
 * One value in a JSON file, with a copy beside it. A file that is cut, flipped, empty or foreign
 * costs nothing while the copy is good, and is set aside as `<name>.corrupt-<n>`, never deleted.
 *
 * Not safe for concurrent use: its owner calls one method after the other.
 */
export class StateFile<T> {
  private readonly copyName: string;

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
      if (copy.is !== 'good' || copy.text !== file.text) await this.writeCopy(file.text);
      return { from: 'file', value: file.value };
    }
    if (copy.is === 'good') return this.restore(file, copy);
    if (file.is === 'unreadable' || copy.is === 'unreadable')
      throw new StateUnreadable(`${this.name}: ${whyOf(file) ?? whyOf(copy)}`);
    for (const [name, { is }] of [
      [this.name, file],
      [this.copyName, copy],
    ] as const)
      if (is === 'damaged') await this.setAside(name);
    const why = whyOf(file) ?? whyOf(copy);
    if (why !== undefined) return { from: 'damaged', why };
    return (await this.wasSetAside())
      ? { from: 'damaged', why: 'an earlier start has set it aside' }
      : { from: 'nothing' };
  }

  /** On disk when this resolves. */
  async save(value: T): Promise<void> {
    const text = JSON.stringify(this.format.write(value));
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
      return { is: 'good', text, ...(await this.format.read(parseJson(text))) };
    } catch (error) {
      return { is: 'damaged', why: messageOf(error) };
    }
  }

  private async restore(
    file: Look<T>,
    copy: Look<T> & { readonly is: 'good' },
  ): Promise<Loaded<T>> {
    const why = whyOf(file) ?? (file.is === 'missing' ? 'it was gone' : 'a part is damaged');
    this.log.error({ file: this.name, why }, 'a file was damaged; its last good copy is used');
    if (file.is !== 'missing') await this.setAside(this.name);
    await this.storage
      .write(this.name, copy.text)
      .catch((error) => this.log.warn({ file: this.name, error: String(error) }, 'not mended yet'));
    return { from: 'copy', value: copy.value };
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

  private async setAside(name: string): Promise<void> {
    try {
      const to = await this.freeName();
      await this.storage.rename(name, to);
      this.log.error({ file: name, to }, 'a damaged file was set aside');
    } catch (error) {
      this.log.error({ file: name, error: String(error) }, 'a damaged file stays where it is');
    }
  }

  private async freeName(): Promise<string> {
    for (let n = 1; n < MAX_SET_ASIDE; n++)
      if (!(await this.exists(this.asideName(n)))) return this.asideName(n);
    return this.asideName(MAX_SET_ASIDE);
  }

  private wasSetAside(): Promise<boolean> {
    return this.exists(this.asideName(1));
  }

  private asideName(n: number): string {
    return `${this.name}.corrupt-${n}`;
  }

  private exists(name: string): Promise<boolean> {
    return this.storage.read(name).then(
      (text) => text !== undefined,
      () => true,
    );
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw new Error('empty');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('not JSON');
  }
}

const whyOf = (look: Look<unknown>): string | undefined => ('why' in look ? look.why : undefined);

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The storage did look, and it is none of ours: hal/ports/storage.ts, `read`. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'kind' in error && error.kind === 'badData';
}
