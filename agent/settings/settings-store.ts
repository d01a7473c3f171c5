/**
 * Sections on disk. Values hold secrets (passphrases, credentials), which never leave the robot: the
 * storage driver makes files readable by the agent's own user only, as for the keys.
 */
import { z } from 'zod';
import { enveloped, type Fields } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { expectShape } from '../state/parsing.ts';
import { StateFile, type StateFormat } from '../state/state-file.ts';
import type { Section } from '../wire/settings.ts';
import { checkSection, isSection } from './section-check.ts';
import type { SectionState } from './settings-machine.ts';

export const SETTINGS_FILE = 'settings.json';

export type SectionStates = { readonly [S in Section]?: SectionState };

const Versioned = z.looseObject({ version: z.int().positive(), value: z.looseObject({}) });
const StoredSection = z.looseObject({
  inForce: Versioned.exactOptional(),
  trying: Versioned.extend({ begun: z.string().max(300).exactOptional() }).exactOptional(),
  rejected: z
    .looseObject({ version: z.int().positive(), reason: z.string().max(300) })
    .exactOptional(),
});
type StoredSection = z.infer<typeof StoredSection>;
const File = z.looseObject({ sections: z.record(z.string(), z.unknown()) });

interface SettingsFile {
  readonly states: SectionStates;
  /** Sections that are not understood, as they are: a newer version's, or damaged. */
  readonly strange: Fields;
  /** Of each section, further fields of a newer version. */
  readonly extra: Readonly<Record<string, Fields>>;
  readonly rest: Fields;
}

const nothing: SettingsFile = { states: {}, strange: {}, extra: {}, rest: {} };

const schema = enveloped('settings');

const format: StateFormat<SettingsFile> = {
  schema,
  read(fields, written) {
    const { sections, ...rest } = expectShape(File, fields);
    const states: Record<string, SectionState> = {};
    const strange: Record<string, unknown> = {};
    const extra: Record<string, Fields> = {};
    for (const [name, stored] of Object.entries(sections)) {
      const parsed = StoredSection.safeParse(stored);
      if (!isSection(name) || !parsed.success || !fits(name, parsed.data)) {
        strange[name] = stored;
        continue;
      }
      const { inForce, trying, rejected, ...more } = parsed.data;
      states[name] = { inForce, trying, rejected };
      extra[name] = more;
    }
    const damaged = Object.keys(strange).filter(isSection).length;
    const newer = written.version > schema.migrations.length;
    return { value: { states, strange, extra, rest }, strange: newer ? 0 : damaged };
  },
  write: ({ states, strange, extra, rest }) => ({
    ...rest,
    sections: {
      ...strange,
      ...Object.fromEntries(
        Object.entries(states).map(([name, state]) => [name, { ...extra[name], ...state }]),
      ),
    },
  }),
};

function fits(section: Section, { inForce, trying }: StoredSection): boolean {
  return [inForce, trying].every((held) => !held || checkSection(section, held.value).ok);
}

/** What a section held whose value this version cannot use; it stays on disk until it is set anew. */
export interface Unusable {
  /** The highest version that is known of; 0 when it cannot be told. */
  readonly version: number;
}

export class SettingsStore {
  private constructor(
    private readonly disk: StateFile<SettingsFile>,
    private readonly log: Log,
    private file: SettingsFile,
    /** Nothing is written over a file that the disk did not give. */
    private readonly unread: boolean,
  ) {}

  /**
   * A file that cannot be used counts as none: the robot runs as configured until set anew. While
   * the disk gives none, nothing can be set.
   */
  static async open(storage: Storage, log: Log): Promise<SettingsStore> {
    const disk = new StateFile(storage, log, SETTINGS_FILE, format);
    const loaded = await disk.load().catch((error: unknown) => {
      log.error({ file: SETTINGS_FILE, error: String(error) }, 'the settings are unreadable');
      return undefined;
    });
    const file = loaded && 'value' in loaded ? loaded.value : nothing;
    return new SettingsStore(disk, log, file, loaded === undefined);
  }

  get states(): SectionStates {
    return this.file.states;
  }

  /** Undefined when the section is understood, or was never set. */
  unusable(section: Section): Unusable | undefined {
    const stored = this.file.strange[section];
    if (stored === undefined) return undefined;
    const version = z.looseObject({ inForce: Versioned }).safeParse(stored).data?.inForce.version;
    return { version: version ?? 0 };
  }

  /** True when it is on disk; otherwise nothing has changed. Not for concurrent use. */
  async save(section: Section, state: SectionState): Promise<boolean> {
    if (this.unread) return false;
    const { [section]: _replaced, ...strange } = this.file.strange;
    const states = { ...this.file.states, [section]: state };
    const next = { ...this.file, strange, states };
    try {
      await this.disk.save(next);
    } catch (error) {
      this.log.error({ file: SETTINGS_FILE, section, error: String(error) }, 'setting not stored');
      return false;
    }
    this.file = next;
    return true;
  }
}
