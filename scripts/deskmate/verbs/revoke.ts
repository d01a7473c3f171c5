import { withAgent } from '../command/agent-connection.ts';
import { jsonFlag } from '../command/flag.ts';
import { type Translate, translator } from '../command/language.ts';
import { entriesOf, LEAST_TYPED, meant, type RegistryEntry } from '../command/registry-entries.ts';
import { type Call, CommandError, EXIT, usageError, type Verb } from '../command/verb.ts';
import { type CommandWords, commandWords } from '../command/words.ts';

type Say = Translate<CommandWords>;

/** Initial letters of "yes" in the supported languages. */
const YES = /^[yj]/i;

export const revoke: Verb = {
  name: 'revoke',
  operands: [
    {
      name: 'DEVICE',
      about: {
        en: 'the first characters of a device or invitation, as listed',
        nl: 'de eerste tekens van een apparaat of uitnodiging, zoals in de lijst',
        sv: 'de första tecknen av en enhet eller inbjudan, som i listan',
      },
      missing: {
        en: 'which device? See: deskmate devices',
        nl: 'welk apparaat? Zie: deskmate devices',
        sv: 'vilken enhet? Se: deskmate devices',
      },
    },
  ],
  summary: {
    en: 'shuts out a lost device at once, or an open invitation',
    nl: 'sluit een verloren apparaat meteen buiten, of een open uitnodiging',
    sv: 'stänger genast ute en förlorad enhet, eller en öppen inbjudan',
  },
  flags: {
    yes: {
      type: 'boolean',
      about: {
        en: 'without asking first',
        nl: 'zonder eerst te vragen',
        sv: 'utan att fråga först',
      },
    },
    json: jsonFlag,
  },
  examples: [
    {
      args: ['revoke', 'x9AnTtXY'],
      about: {
        en: 'a tablet was lost: it is out of class at once',
        nl: 'een tablet is kwijt: hij is meteen uit de klas',
        sv: 'en surfplatta har kommit bort: den lämnar klassen genast',
      },
    },
  ],
  async run(call) {
    const say = translator(commandWords, call.language);
    const [typed = ''] = call.words;
    if (typed.length < LEAST_TYPED) throw usageError(say('revokeShort', { least: LEAST_TYPED }));
    const entry = await withAgent(call, async (agent) => {
      const [devices, { invitations }] = await Promise.all([agent.devices(), agent.status()]);
      return theOne(say, typed, entriesOf(devices, invitations));
    });
    if (!(await confirmed(call, say, entry))) {
      call.terminal.complain(say('revokeNot'));
      return EXIT.unchanged;
    }
    await withAgent(call, (agent) =>
      entry.kind === 'device' ? agent.revoke(entry.id) : agent.withdraw(entry.id),
    );
    tell(call, say, entry);
    return EXIT.ok;
  },
};

function theOne(say: Say, typed: string, entries: readonly RegistryEntry[]): RegistryEntry {
  const found = meant(typed, entries);
  const [entry] = found;
  if (!entry)
    throw new CommandError('notFound', EXIT.data, say('revokeUnknown', { typed }), { typed });
  if (found.length === 1) return entry;
  const names = found.map(({ name }) => name);
  const message = say('revokeAmbiguous', { typed, names: names.join(', ') });
  throw new CommandError('ambiguous', EXIT.data, message, { typed, names });
}

/** A non-interactive caller cannot be asked and must pass --yes. */
async function confirmed(
  { flags, terminal }: Call,
  say: Say,
  entry: RegistryEntry,
): Promise<boolean> {
  if (flags.yes) return true;
  const { kind, name } = entry;
  const question = say(kind === 'device' ? 'revokeAsk' : 'withdrawAsk', { name });
  const answer = flags.json ? undefined : await terminal.ask(question);
  if (answer === undefined)
    throw new CommandError('notConfirmed', EXIT.usage, say('revokeConfirm'), { name });
  return YES.test(answer.trim());
}

function tell({ flags, terminal }: Call, say: Say, { kind, name, id }: RegistryEntry): void {
  if (flags.json) terminal.line(JSON.stringify({ revoked: { kind, name, id } }, null, 2));
  else terminal.line(say(kind === 'device' ? 'revoked' : 'withdrawn', { name }));
}
