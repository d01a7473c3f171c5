import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Surroundings {
  readonly cwd?: string;
  /** Added to ours. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program; resolves with its output, rejects with one line and the end of its output. */
export async function shell(
  program: string,
  args: readonly string[],
  { cwd, env }: Surroundings = {},
): Promise<string> {
  try {
    const { stdout } = await run(program, [...args], {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${args.slice(0, 3).join(' ')} … failed: ${lastWords(error)}`);
  }
}

function lastWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'it is not installed';
  const said = 'stderr' in error ? String(error.stderr).trim() : '';
  return said === '' ? error.message : said.split('\n').slice(-12).join('\n');
}
