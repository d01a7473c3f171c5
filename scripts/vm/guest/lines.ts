/** The other end of gpio-sim's lines: what stands on a wire, and a finger on it. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export class Wires {
  constructor(private readonly folder = expectEnv('VM_LINES')) {}

  /** Whether the wire is high. */
  high(offset: number): boolean {
    return readFileSync(this.file(offset, 'value'), 'utf8').trim() === '1';
  }

  /** Pulls a wire that nobody drives. */
  pull(offset: number, high: boolean): void {
    writeFileSync(this.file(offset, 'pull'), high ? 'pull-up' : 'pull-down');
  }

  private file(offset: number, attribute: string): string {
    return path.join(this.folder, `sim_gpio${offset}`, attribute);
  }
}

/** Set by inside.sh. */
export function expectEnv(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: this runs inside of the VM of make vm-test only`);
  return value;
}
