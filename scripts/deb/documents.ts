import { flagName } from '../deskmate/command/flag.ts';
import { pathOf, usageOf } from '../deskmate/command/verb.ts';
import { verbs } from '../deskmate/verbs.ts';

/** COMMANDS of the manual page, from the command's own help. */
export function commandsForManual(): string {
  return verbs
    .filter(({ hidden }) => !hidden)
    .map((verb) => {
      const usage = usageOf(verb);
      const options = Object.entries(verb.flags).map(
        ([name, flag]) => `.br\n.B ${roff(flagName(name, flag))}\n${roff(flag.about.en)}.`,
      );
      return [
        ...[
          '.TP',
          `.B deskmate ${pathOf(verb).join(' ')}`,
          usage === '' ? [] : `.I ${roff(usage)}`,
        ],
        ...[roff(`${verb.summary.en}.`), ...options],
      ]
        .flat()
        .join('\n');
    })
    .join('\n');
}

/** A hyphen of an option is a minus sign, and a line does not begin with a dot or quote. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=['.])/, '\\&');
