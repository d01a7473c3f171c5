import type { SectionValue } from '../wire/settings.ts';

/** Limits of each session. */
export class Limits {
  private value: SectionValue<'limits'> | undefined;

  /** 0..1; the pupil's volume goes no higher. */
  get maxVolume(): number {
    return this.value?.maxVolume ?? 1;
  }

  apply(value: SectionValue<'limits'> | undefined): void {
    this.value = value;
  }
}
