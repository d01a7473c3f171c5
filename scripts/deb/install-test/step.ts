import type { Guest } from './guest.ts';

/** One thing that the package has to get right, tried on a Debian with a running systemd. */
export interface Step {
  readonly title: string;
  run(guest: Guest): Promise<void>;
}
