import type { SectionValue } from '../wire/settings.ts';

/** What people call the robot. Its id stays. */
export class DisplayName {
  private name: string | undefined;

  get current(): string | undefined {
    return this.name;
  }

  apply(value: SectionValue<'name'> | undefined): void {
    this.name = value?.name;
  }
}
