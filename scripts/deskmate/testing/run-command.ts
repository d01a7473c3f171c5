import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import type { Terminal } from '../command/terminal.ts';
import type { Verb } from '../command/verb.ts';
import { runCommand } from '../run.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as typed, with what it says kept for the test. */
export async function run(
  verbs: readonly Verb[],
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  /** The answer typed at the terminal; undefined: not interactive. */
  answer?: string,
  clock: Clock = new SystemClock(),
): Promise<Ran> {
  const said = { out: '', err: '' };
  const terminal: Terminal = {
    input: process.stdin,
    output: process.stdout,
    colour: false,
    columns: 80,
    line: (text = '') => {
      said.out += `${text}\n`;
    },
    complain: (text) => {
      said.err += `${text}\n`;
    },
    ask: async (question) => {
      if (answer !== undefined) said.err += `${question} `;
      return answer;
    },
  };
  const code = await runCommand(args, { verbs, terminal, clock, env, version: '1.2.3' });
  return { code, ...said };
}
