/** Other programs, run to their end. */
import { spawnSync } from 'node:child_process';

/** A program that failed: what was run, and what it said. */
class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

/** What it printed. Throws ProgramError when it fails or is not there. */
export function run(words: readonly string[], input?: string): string {
  const [command = '', ...args] = words;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    ...(input !== undefined && { input }),
  });
  if (status === 0) return stdout;
  const said = error?.message ?? (stderr.trim() || stdout.trim() || `exit code ${status}`);
  throw new ProgramError(`${words.join(' ')}: ${said}`);
}

export function works(words: readonly string[]): boolean {
  const [command = '', ...args] = words;
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
