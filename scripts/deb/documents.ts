import { verbs } from '../deskmate/verbs.ts';

/** COMMANDS of the manual page, from the command's own help. */
export function commandsForManual(): string {
  return verbs
    .map(({ name, usage, summary }) =>
      [
        '.TP',
        `.B deskmate ${name}`,
        usage === '' ? [] : `.I ${roff(usage)}`,
        roff(`${summary.en}.`),
      ]
        .flat()
        .join('\n'),
    )
    .join('\n');
}

export const verbNames = (): string => verbs.map(({ name }) => name).join(' ');

/** A hyphen of an option is a minus sign, and a line does not begin with a dot or quote. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=['.])/, '\\&');
