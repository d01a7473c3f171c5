import type { SectionValue } from '../wire/settings.ts';

/** What the school has decided about privacy. */
export class Privacy {
  private value: SectionValue<'privacy'> = { timetableOnly: false };
  private readonly listeners = new Set<() => void>();

  /** No session without a timetable: a robot that has none does not wake. */
  get timetableOnly(): boolean {
    return this.value.timetableOnly;
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  apply(value: SectionValue<'privacy'> | undefined): void {
    this.value = value ?? { timetableOnly: false };
    for (const listener of this.listeners) listener();
  }
}
