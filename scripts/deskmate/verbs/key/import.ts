import { jsonFlag } from '../../command/flag.ts';
import { keyGroup } from '../../command/groups.ts';
import { day, translator } from '../../command/language.ts';
import { staffFileError, staffFolder } from '../../command/own-key.ts';
import { type Call, CommandError, EXIT, type Verb } from '../../command/verb.ts';
import { rootFlag } from '../../fleet/fleet-flags.ts';

export const keyImport: Verb = {
  name: 'import',
  parent: keyGroup,
  operands: [
    {
      name: 'FILE',
      about: {
        en: 'the file that the one who grants gave you',
        nl: 'het bestand van wie je toegang gaf',
        sv: 'filen från den som gav dig tillträde',
      },
    },
  ],
  summary: {
    en: 'keeps the access that you were given',
    nl: 'bewaart de toegang die je kreeg',
    sv: 'sparar tillträdet som du fick',
  },
  flags: { root: rootFlag, json: jsonFlag },
  examples: [
    {
      args: ['key', 'import', 'grant-coordinator-0a1b2c3d.json'],
      about: {
        en: 'from now on robots obey your key',
        nl: 'voortaan luisteren robots naar je sleutel',
        sv: 'från och med nu lyder robotarna din nyckel',
      },
    },
  ],
  async run(call) {
    const [{ readInput, rootOf, told }, files, { GRANTS_FILE }, staff, { verifyChain }] =
      await Promise.all([
        import('../../fleet/fleet-call.ts'),
        import('../../fleet/fleet-files.ts'),
        import('../../fleet/person.ts'),
        import('../../command/staff-key.ts'),
        import('../../../../agent/wire/grant.ts'),
      ]);
    const folder = staffFolder(call);
    const loaded = await staff.loadStaffKey(folder);
    if (!loaded.ok) throw staffFileError(loaded, call.language);
    const [file = ''] = call.words;
    const text = readInput(file);
    const { value } = await told(async () => files.readFields(files.GrantFile, text, file));
    const { fleet, root, chain } = value;
    const expected = rootOf(call);
    const { fleetWords } = await import('../../fleet/words.ts');
    const say = translator(fleetWords, call.language);
    if (expected !== undefined && expected !== root)
      throw refused(
        call,
        say('grantRefused', { why: say('grantRoot', { found: root, root: expected }) }),
      );
    const certainlyPastS = Math.floor(call.clock.wall() / 1_000);
    const trust = { fleet, root, certainlyPastS, isRevoked: () => false };
    const verified = await verifyChain(chain, trust);
    if (!verified.ok) throw refused(call, say('grantRefused', { why: verified.reason }));
    const { key, role, exp } = verified.authority;
    const { thumbprint } = loaded.key;
    if (key !== thumbprint)
      throw refused(call, say('grantRefused', { why: say('grantOther', { thumbprint }) }));
    const written = await staff.writeStaffFile(folder, GRANTS_FILE, text, 'replace');
    if (!written.ok) throw staffFileError(written, call.language);
    if (call.flags.json)
      call.terminal.line(JSON.stringify({ fleet, root, role, expiresAt: exp * 1_000 }, null, 2));
    else
      call.terminal.line(
        say('imported', { role, fleet, root, date: day(exp * 1_000, call.language) }),
      );
    return EXIT.ok;
  },
};

const refused = ({ words: [file = ''] }: Call, message: string): CommandError =>
  new CommandError('grantRefused', EXIT.data, message, { file });
