import { openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';

import type { Word } from '../wire.ts';

/** The other end of gpio-sim's lines: reads a wire's level, and drives it. */
export class Wires {
  constructor(private readonly folder = expectEnv('VM_LINES')) {}

  /** Whether the wire is high. */
  high(offset: number): boolean {
    return readFileSync(this.file(offset, 'value'), 'utf8').trim() === '1';
  }

  /** Pulls a wire that is not driven. */
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

/** Output to the host, written synchronously: nothing is lost at a reset. */
export class Port {
  private readonly file: number;

  constructor(path = process.env.VM_PORT ?? '/dev/stdout') {
    this.file = openSync(path, 'w');
  }

  tell(word: Word): void {
    writeSync(this.file, `${JSON.stringify(word)}\n`);
  }
}

/** Whether `name` contains one of the words of `only` (`a,b`), or with `!a,b` none of them. */
export function isSelected(name: string, only: string): boolean {
  if (only.startsWith('!')) return !isSelected(name, only.slice(1));
  return only.split(',').some((word) => name.includes(word));
}
