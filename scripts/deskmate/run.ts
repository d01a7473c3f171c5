import type { Clock } from '../../hal/ports/clock.ts';
import { readCommandLine, spokenLanguage } from './command-line.ts';
import { placesOf } from './places.ts';
import type { Terminal } from './terminal.ts';
import { type Call, EXIT, textFlag, UsageError, type Verb } from './verb.ts';
import { tellVerb } from './verbs/help.ts';

export interface Command {
  readonly verbs: readonly Verb[];
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
}

/** Runs what was typed; resolves with the exit code. */
export async function runCommand(args: readonly string[], command: Command): Promise<number> {
  const { verbs, terminal, clock, env, version } = command;
  const language = spokenLanguage(args, env);
  try {
    const { verb, flags, words } = readCommandLine(args, verbs, language);
    const places = placesOf(textFlag({ flags }, 'config'), env);
    const call: Call = { flags, words, language, terminal, clock, places, env, version };
    if (!flags.help || verb.name === 'help') return await verb.run(call);
    tellVerb(call, verb);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.complain(error.message);
    return EXIT.usage;
  }
}
