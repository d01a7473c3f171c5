/** docs/command.md: the manual of the `deskmate` command, from its verbs. */
import { COMMON } from '../deskmate/command/command-line.ts';
import { type Flag, type Flags, flagName } from '../deskmate/command/flag.ts';
import { lineOf, typedLine } from '../deskmate/command/help-text.ts';
import { groupsOf } from '../deskmate/command/route.ts';
import { pathOf, type Verb } from '../deskmate/command/verb.ts';

export function commandDocument(verbs: readonly Verb[]): string {
  const shown = verbs.filter(({ hidden }) => !hidden);
  const groups = groupsOf(shown).map(
    (group) => `- \`deskmate ${pathOf(group).join(' ')}\`: ${group.summary.en}`,
  );
  return [
    '# The deskmate command',
    '<!-- Written by `npm run docs` from scripts/deskmate/verbs. Do not edit. -->',
    'The command says all this itself, in Dutch, Swedish or English: `deskmate help`, `deskmate help invite`.',
    ...(groups.length > 0 ? [`Groups of commands:\n\n${groups.join('\n')}`] : []),
    ...shown.map(sectionOf),
    `## Options of every command\n\n${optionsOf(COMMON)}`,
  ]
    .join('\n\n')
    .concat('\n');
}

function sectionOf(verb: Verb): string {
  const operands = (verb.operands ?? []).flatMap(({ name, about, choices }) => {
    const words = about?.en ?? choices?.join(', ');
    return words ? [`- \`${name}\`: ${words}`] : [];
  });
  const examples = (verb.examples ?? []).map(
    (one) => `\`\`\`sh\n${typedLine(one)}\n\`\`\`\n\n${sentence(one.about.en)}`,
  );
  return [
    `## ${pathOf(verb).join(' ')}`,
    `\`\`\`text\n${lineOf(verb)}\n\`\`\``,
    sentence(verb.summary.en),
    ...[[...operands, optionsOf(verb.flags)].filter(Boolean).join('\n')].filter(Boolean),
    ...examples,
  ].join('\n\n');
}

const optionsOf = (flags: Flags): string =>
  Object.entries(flags)
    .map(([name, flag]) => `- \`${letterOf(flag)}${flagName(name, flag)}\`: ${aboutOf(flag)}`)
    .join('\n');

const letterOf = ({ short }: Flag): string => (short ? `-${short}, ` : '');

const aboutOf = (flag: Flag): string =>
  [flag.about.en, 'repeated' in flag && flag.repeated ? 'may be repeated' : '']
    .filter(Boolean)
    .join('; ');

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
