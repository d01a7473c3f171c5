import { SerialQueue } from '../../hal/common/asynchrony.ts';
import { messageOf } from '../../hal/common/errors.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { WifiTrial } from '../../hal/ports/wifi-settings.ts';
import type { Section, SectionReport, SectionValue, SettingsValue } from '../wire/settings.ts';
import type { Appliers, QuickSection } from './appliers.ts';
import { publicValue } from './public-value.ts';
import { checkSection, isSection, sectionNames } from './section-check.ts';
import {
  asConfigured,
  bounded,
  type SectionEvent,
  type SectionState,
  type SectionStep,
  step,
  versionOf,
} from './settings-machine.ts';
import type { SettingsStore } from './settings-store.ts';
import { unsealed } from './unseal.ts';
import type { WifiChanger } from './wifi-changer.ts';

/** `trying`: accepted, and what becomes of it is reported; otherwise it is in force. */
export type Configured =
  | { readonly ok: true; readonly facts: { readonly state: 'applied' | 'trying' } }
  /** For people, in English; begins with the kind of refusal. At most 300 characters. */
  | { readonly ok: false; readonly reason: string };

interface SettingsParts {
  readonly log: Log;
  readonly store: SettingsStore;
  readonly appliers: Appliers;
  /** Undefined: this computer's Wi-Fi is set in another way. */
  readonly wifi?: Pick<WifiChanger, 'start' | 'resume'> | undefined;
  /** The plaintext of a JWE to this robot; undefined when it is none. */
  readonly unseal: (jwe: string) => Promise<string | undefined>;
  /** What `sections` says has changed. */
  readonly onChange: () => void;
}

const NO_WIFI = 'unsupported: the Wi-Fi of this computer is set in another way';
const NOT_WRITTEN = 'notWritten: the disk refused, nothing has changed: try again';

const refused = (reason: string): Configured => ({ ok: false, reason: bounded(reason) });

/** Owner of the sections: takes desired ones, brings them into force, says what is in force. */
export class Settings {
  private readonly queue = new SerialQueue();

  constructor(private readonly parts: SettingsParts) {}

  /** Brings what is on disk into force. A trial that a restart interrupted is brought to its end. */
  start(): void {
    for (const section of sectionNames) {
      const { inForce, trying } = this.stateOf(section);
      if (section === 'wifi') this.resumeWifi(trying);
      else if (inForce) this.bringIntoForce(section, inForce.value);
    }
  }

  /** One section as a whole, or nothing of it. Never rejects; one after another. */
  configure(settings: SettingsValue): Promise<Configured> {
    return this.queue.run(async () => {
      try {
        return await this.take(settings);
      } catch (error) {
        this.parts.log.error({ section: settings.section, error: messageOf(error) }, 'not set');
        return refused('failed: the robot could not set it; see its log');
      }
    });
  }

  /** The value in force; undefined: as configured on the robot itself. */
  value<S extends Section>(section: S): SectionValue<S> | undefined {
    // The store has only values that fit their section.
    return this.stateOf(section).inForce?.value as SectionValue<S> | undefined;
  }

  /** Without secrets. */
  sections(): Record<Section, SectionReport> {
    return Object.fromEntries(
      sectionNames.map((section) => [section, this.reportOf(section)]),
    ) as Record<Section, SectionReport>;
  }

  /** From the owner of a Wi-Fi change; see WifiChangerParts. */
  wifiBegun(trial: WifiTrial): Promise<boolean> {
    return this.queue.run(() => this.settle('wifi', { type: 'begun', trial }));
  }

  wifiConfirmed(): Promise<boolean> {
    return this.queue.run(() => this.settle('wifi', { type: 'confirmed' }));
  }

  wifiRejected(reason: string): Promise<boolean> {
    return this.queue.run(() => this.settle('wifi', { type: 'failed', reason }));
  }

  private async take({ section, version, value: given }: SettingsValue): Promise<Configured> {
    if (!isSection(section))
      return refused(`unknownSection: expected one of ${sectionNames.join(', ')}`);
    if (section === 'wifi' && !this.parts.wifi) return refused(NO_WIFI);
    const opened = await unsealed(given, this.parts.unseal);
    const checked = opened.ok ? checkSection(section, opened.value) : opened;
    const before = this.stateOf(section);
    const event: SectionEvent = checked.ok
      ? { type: 'desired', version, value: checked.value }
      : { type: 'malformed', version, reason: checked.reason };
    const taken = step(before, event);
    const refusal = refusalIn(taken);
    if (refusal !== undefined) {
      if (taken.state !== before) await this.keep(section, taken);
      return refused(refusal);
    }
    if (taken.state === before) return configured(before.trying ? 'trying' : 'applied');
    return section === 'wifi' ? this.tryWifi(taken) : this.bring(section, before, taken);
  }

  /** In force, then on disk; back to the one before when either does not work. */
  private async bring(
    section: QuickSection,
    before: SectionState,
    { state: trying }: SectionStep,
  ): Promise<Configured> {
    const failed = (reason: string): Promise<Configured> => {
      this.bringIntoForce(section, before.inForce?.value);
      return this.keep(section, step(trying, { type: 'failed', reason })).then(() =>
        refused(reason),
      );
    };
    if (!this.bringIntoForce(section, trying.trying?.value))
      return failed('failed: it could not be brought into force');
    const kept = await this.keep(section, step(trying, { type: 'confirmed' }));
    return kept ? configured('applied') : failed(NOT_WRITTEN);
  }

  /** Takes minutes, or waits for the end of a lesson: what becomes of it is reported. */
  private async tryWifi(taken: SectionStep): Promise<Configured> {
    if (!(await this.keep('wifi', taken))) return refused(NOT_WRITTEN);
    const { trying } = taken.state;
    if (trying)
      this.parts.wifi?.start(trying.version, (trying.value as SectionValue<'wifi'>).networks);
    return configured('trying');
  }

  private resumeWifi(trying: SectionState['trying']): void {
    if (!trying) return;
    const { wifi } = this.parts;
    const { networks } = trying.value as SectionValue<'wifi'>;
    if (!wifi) void this.wifiRejected(NO_WIFI);
    else if (trying.begun === undefined) wifi.start(trying.version, networks);
    else void wifi.resume(trying.version, networks, trying.begun);
  }

  private settle(section: Section, event: SectionEvent): Promise<boolean> {
    return this.keep(section, step(this.stateOf(section), event));
  }

  /** True when it is on disk, and told. */
  private async keep(section: Section, { state, effects }: SectionStep): Promise<boolean> {
    if (!(await this.parts.store.save(section, state))) return false;
    if (effects.some((effect) => effect.do === 'report')) {
      const { trying, rejected } = state;
      const [tried, reason] = [(trying ?? rejected)?.version, rejected?.reason];
      this.parts.log.info({ section, version: versionOf(state), tried, reason }, 'settings');
      this.parts.onChange();
    }
    return true;
  }

  /** False when it threw. The value fits: it was checked when it came, or when it was read. */
  private bringIntoForce<S extends QuickSection>(section: S, value: object | undefined): boolean {
    try {
      const apply: Appliers[S] = this.parts.appliers[section];
      apply(value as SectionValue<S> as never);
      return true;
    } catch (error) {
      this.parts.log.error({ section, error: messageOf(error) }, 'a setting has no effect');
      return false;
    }
  }

  private stateOf(section: Section): SectionState {
    return this.parts.store.states[section] ?? asConfigured;
  }

  private reportOf(section: Section): SectionReport {
    const { inForce, trying, rejected } = this.stateOf(section);
    const version = inForce?.version ?? 0;
    const value = inForce && { value: publicOf(section, inForce.value) };
    if (trying) return { version, state: 'trying', tried: trying.version, ...value };
    if (rejected)
      return {
        ...{ version, state: 'rejected', tried: rejected.version, reason: rejected.reason },
        ...value,
      };
    const unusable = this.parts.store.unusable(section);
    if (!unusable) return { version, state: 'applied', ...value };
    const reason = 'unusable: written by another version of the software; push it again';
    const tried = unusable.version > 0 && { tried: unusable.version };
    return { version, state: 'rejected', reason, ...tried };
  }
}

const configured = (state: 'applied' | 'trying'): Configured => ({ ok: true, facts: { state } });

function refusalIn({ effects }: SectionStep): string | undefined {
  for (const effect of effects) if (effect.do === 'refuse') return effect.reason;
  return undefined;
}

const publicOf = <S extends Section>(section: S, value: object): Record<string, unknown> => ({
  ...publicValue(section, value as SectionValue<S>),
});
