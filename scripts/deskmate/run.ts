import type { Clock } from '../../hal/ports/clock.ts';
import { readCommandLine, spokenLanguage, wantsJson } from './command/command-line.ts';
import { textFlag } from './command/flag.ts';
import { tellVerb } from './command/help-text.ts';
import { translator } from './command/language.ts';
import { placesOf } from './command/places.ts';
import type { Terminal } from './command/terminal.ts';
import { type Call, CommandError, EXIT, type Verb } from './command/verb.ts';
import { commandWords } from './command/words.ts';

interface Command {
  readonly verbs: readonly Verb[];
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
}

/**
 * Runs the command line; resolves with the exit code. With `--json` standard output is one JSON
 * document in every case: the answer, or `{ error: { code, message, exit, … } }`.
 */
export async function runCommand(args: readonly string[], command: Command): Promise<number> {
  const { terminal, env } = command;
  const language = spokenLanguage(args, env);
  try {
    return await runVerb(args, command, language);
  } catch (thrown) {
    const error = thrown instanceof CommandError ? thrown : bug(thrown, language);
    const { code, exit, message, details } = error;
    if (wantsJson(args))
      terminal.line(JSON.stringify({ error: { code, message, exit, ...details } }, null, 2));
    else terminal.complain(code === 'usage' ? `deskmate: ${message}` : message);
    return exit;
  }
}

async function runVerb(
  args: readonly string[],
  { verbs, terminal, clock, env, version }: Command,
  language: Call['language'],
): Promise<number> {
  const { verb, flags, words } = await readCommandLine(args, verbs, language);
  const places = placesOf(textFlag({ flags }, 'config'), env);
  const call: Call = {
    ...{ flags, words, language, terminal, clock, places, env, version, verbs },
  };
  if (flags.version)
    return (verbs.find(({ name, parent }) => name === 'version' && !parent) ?? verb).run(call);
  if (!flags.help || verb.name === 'help') return verb.run(call);
  tellVerb(call, verb);
  return EXIT.ok;
}

function bug(thrown: unknown, language: Call['language']): CommandError {
  const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const say = translator(commandWords, language);
  return new CommandError('bug', EXIT.bug, say('bug', { why }));
}
