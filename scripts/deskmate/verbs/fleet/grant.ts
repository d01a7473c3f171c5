import type { Scope } from '../../../../agent/wire/grant.ts';
import { jsonFlag, numberFlag, textFlag, textsFlag } from '../../command/flag.ts';
import { fleetGroup } from '../../command/groups.ts';
import { day, translator } from '../../command/language.ts';
import { type Call, EXIT, usageError, type Verb } from '../../command/verb.ts';
import {
  dirFlag,
  grantDaysFlag,
  nameFlag,
  outFlag,
  passphraseFlag,
  robotFlag,
  schoolFlag,
} from '../../fleet/fleet-flags.ts';

const DAYS = 365;

export const fleetGrant: Verb = {
  name: 'grant',
  parent: fleetGroup,
  operands: [
    {
      name: 'ROLE',
      choices: ['central', 'support', 'coordinator', 'teacher', 'service'],
      about: {
        en: 'what the holder may do',
        nl: 'wat diegene mag doen',
        sv: 'vad personen får göra',
      },
    },
  ],
  summary: {
    en: 'lets a person order robots, for a time',
    nl: 'laat iemand robots opdrachten geven, voor een tijd',
    sv: 'låter någon styra robotar, under en tid',
  },
  flags: {
    to: {
      ...{ type: 'string', value: 'FILE' },
      about: {
        en: 'what “deskmate key show --json” printed, or a JWK',
        nl: 'wat ‘deskmate key show --json’ gaf, of een JWK',
        sv: 'vad ”deskmate key show --json” skrev, eller en JWK',
      },
    },
    school: schoolFlag,
    robot: robotFlag,
    days: grantDaysFlag,
    name: nameFlag,
    out: outFlag,
    own: {
      type: 'boolean',
      about: {
        en: 'with your own key and grants, not the fleet’s root',
        nl: 'met je eigen sleutel en toegang, niet de hoofdsleutel',
        sv: 'med din egen nyckel och ditt tillträde, inte huvudnyckeln',
      },
    },
    dir: dirFlag,
    'passphrase-file': passphraseFlag,
    json: jsonFlag,
  },
  examples: [
    {
      args: ['fleet', 'grant', 'coordinator', '--to', 'anna.json', '--school', 'norra'],
      about: {
        en: 'Anna hands out the robots of one school, for a year',
        nl: 'Anna geeft een jaar lang de robots van één school uit',
        sv: 'Anna delar ut en skolas robotar under ett år',
      },
    },
  ],
  async run(call) {
    const [
      { expectFree, newId, readInput, told, withFleet, writeOutput },
      people,
      { grantTo },
      files,
    ] = await Promise.all([
      import('../../fleet/fleet-call.ts'),
      import('../../fleet/person.ts'),
      import('../../../../agent/fleet-client/person.ts'),
      import('../../fleet/fleet-files.ts'),
    ]);
    const to = textFlag(call, 'to');
    if (to === undefined) throw usageError('--to FILE: expected the holder’s key');
    const holder = await holderIn(readInput(to), to);
    const scope = await scopeOf(call);
    const role = await roleOf(call.words[0] ?? '');
    const days = numberFlag(call, 'days') ?? DAYS;
    const name = textFlag(call, 'name');
    const nowMs = call.clock.wall();
    const own = call.flags.own ? await told(() => people.ownPerson(call)) : undefined;
    const person = own ?? (await people.rootPerson(call));
    const { thumbprint } = await import('../../../../agent/wire/token.ts');
    const root = own?.root ?? (await thumbprint(person.signer.jwk));
    const parts = { person, nowMs: () => nowMs, newId };
    const given = { holder, role, scope, days, ...(name !== undefined && { name }) };
    const { chain, id } = await grantTo(parts, given);
    const text = files.writeFields(files.GrantFile, { fleet: person.fleet, root, chain });
    const exp = Math.floor(nowMs / 1_000) + days * 86_400;
    const file = textFlag(call, 'out') ?? `grant-${role}-${id.slice(0, 8)}.json`;
    await expectFree(file);
    if (!own) {
      const key = await thumbprint(holder);
      const line = { atMs: nowMs, grant: id, holder: key, role, scope, exp };
      await withFleet(call, (fleet) => fleet.noteGrant(line));
    }
    await writeOutput(file, text);
    await tell(call, { id, role, exp, file, scope });
    return EXIT.ok;
  },
};

interface Granted {
  readonly id: string;
  readonly role: string;
  readonly exp: number;
  readonly file: string;
  readonly scope: Scope;
}

async function tell({ flags, terminal, language }: Call, granted: Granted): Promise<void> {
  const { id, role, exp, file, scope } = granted;
  if (flags.json) {
    const answer = { grant: id, role, scope, expiresAt: exp * 1_000, file };
    terminal.line(JSON.stringify(answer, null, 2));
    return;
  }
  const { fleetWords } = await import('../../fleet/words.ts');
  const say = translator(fleetWords, language);
  terminal.line(say('granted', { role, file, date: day(exp * 1_000, language) }));
  terminal.line(say('grantNotice', { file }));
}

async function roleOf(text: string) {
  const { ROLES } = await import('../../../../agent/wire/grant.ts');
  const role = ROLES.find((one) => one === text);
  if (!role) throw usageError(`ROLE: expected one of ${ROLES.join(', ')}`);
  return role;
}

async function scopeOf(call: Call): Promise<Scope> {
  const { Scope: schema } = await import('../../../../agent/wire/grant.ts');
  const schools = [...textsFlag(call, 'school')];
  const robots = [...textsFlag(call, 'robot')];
  if (schools.length > 0 && robots.length > 0)
    throw usageError('--school and --robot: expected one of the two');
  const scope: Scope =
    schools.length > 0
      ? { kind: 'schools', schools }
      : robots.length > 0
        ? { kind: 'robots', robots }
        : { kind: 'fleet' };
  const parsed = schema.safeParse(scope);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usageError(`--${scope.kind.slice(0, -1)}: ${issue?.message ?? 'not valid'}`);
}

/** Of `deskmate key show --json`, or a bare JWK. A private key is refused: it was not to be sent. */
async function holderIn(text: string, file: string) {
  const { PublicJwk } = await import('../../../../agent/wire/signalling.ts');
  const { FleetError } = await import('../../fleet/fleet-error.ts');
  const { told } = await import('../../fleet/fleet-call.ts');
  const { jsonOf } = await import('../../../../hal/common/json.ts');
  const json = jsonOf(text);
  const jwk = typeof json === 'object' && json !== null && 'jwk' in json ? json.jwk : json;
  return told(async () => {
    if (typeof jwk === 'object' && jwk !== null && 'd' in jwk)
      throw new FleetError(
        'wrong',
        file,
        `${file}: a private key, expected the public part; make a new key, this one was shown`,
      );
    const parsed = PublicJwk.safeParse(jwk);
    if (parsed.success) return parsed.data;
    throw new FleetError(
      'wrong',
      file,
      `${file}: expected what “deskmate key show --json” prints, or a JWK of P-256`,
    );
  });
}
