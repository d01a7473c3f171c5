import type { SectionValue } from '../wire/settings.ts';

/** Limits of each session. */
export class Limits {
  private value: SectionValue<'limits'> | undefined;
  private readonly listeners = new Set<() => void>();

  /** 0..1; the pupil's volume goes no higher. */
  get maxVolume(): number {
    return this.value?.maxVolume ?? 1;
  }

  /** Undefined: as long as the pupil likes. */
  get maxSessionMs(): number | undefined {
    return this.value && this.value.maxSessionMinutes * 60_000;
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  apply(value: SectionValue<'limits'> | undefined): void {
    this.value = value;
    for (const listener of this.listeners) listener();
  }
}
