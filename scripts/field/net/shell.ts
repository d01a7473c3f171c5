/** Runs other programs to completion. */
import { spawnSync } from 'node:child_process';

/** A program that failed: its command line and output. */
class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

/** Resolves with its output. Throws ProgramError when it fails or is missing. */
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
