import type { AuditEntry, AuditFault } from '../../../../agent/wire/audit.ts';
import { auditGroup } from '../../command/groups.ts';
import { moment, translator } from '../../command/language.ts';
import { tableFlags } from '../../command/table-flags.ts';
import { type Call, CommandError, EXIT, type Verb } from '../../command/verb.ts';
import { dirFlag, rootFlag } from '../../fleet/fleet-flags.ts';
import type { FleetWords } from '../../fleet/words.ts';

const tables = tableFlags(['n', 'at', 'what', 'role', 'outcome']);

const WHY = {
  malformed: 'auditMalformed',
  notAuthentic: 'auditNotAuthentic',
  gap: 'auditGap',
  wrongLog: 'auditWrongLog',
  noEvidence: 'auditNoEvidence',
  wrongKey: 'auditWrongKey',
} as const satisfies Readonly<Record<AuditFault, keyof FleetWords>>;
const OUTCOME = { done: 'agentDone', refused: 'agentRefused', failed: 'agentFailed' } as const;

export const auditVerify: Verb = {
  name: 'verify',
  parent: auditGroup,
  operands: [
    {
      name: 'FILE',
      about: {
        en: 'a log of a robot or of the fleet service',
        nl: 'een logboek van een robot of van de beheerdienst',
        sv: 'en logg från en robot eller från tjänsten',
      },
    },
  ],
  summary: {
    en: 'proves that nobody changed a log, and shows it',
    nl: 'bewijst dat niemand een logboek veranderde, en toont het',
    sv: 'bevisar att ingen ändrat en logg, och visar den',
  },
  flags: { root: rootFlag, dir: dirFlag, ...tables },
  examples: [
    {
      args: ['audit', 'verify', 'robot-1.audit'],
      about: {
        en: 'who changed what on a robot, without any network',
        nl: 'wie wat aan een robot veranderde, zonder netwerk',
        sv: 'vem som ändrade vad på en robot, utan nätverk',
      },
    },
  ],
  async run(call) {
    const [{ readInput }, { verifyAuditText }, { fleetWords }, { tellTable }] = await Promise.all([
      import('../../fleet/fleet-call.ts'),
      import('../../../../agent/wire/audit.ts'),
      import('../../fleet/words.ts'),
      import('../../command/table.ts'),
    ]);
    const say = translator(fleetWords, call.language);
    const [file = ''] = call.words;
    const text = readInput(file);
    const verdict = await verifyAuditText(text, await trustFor(call, text));
    if (!verdict.ok) {
      const { line, why } = verdict;
      const message = say('auditWrong', { file, line, why: say(WHY[why]) });
      throw new CommandError('auditWrong', EXIT.data, message, { file, line, why });
    }
    const { entries, head } = verdict;
    const next =
      head && `${say('auditGood', { count: entries.length })}\n${say('auditHead', { ...head })}`;
    tellTable<AuditEntry>(
      call,
      {
        rows: entries,
        forPrograms: (rows) => ({ ok: true, head: head ?? null, entries: rows }),
        columns: [
          {
            ...{ key: 'n', head: say('auditN'), align: 'right' },
            ...{ cell: ({ n }) => String(n), order: ({ n }) => n },
          },
          {
            ...{ key: 'at', head: say('auditAt'), least: 10, order: ({ at }) => at },
            cell: ({ at }) => moment(at, call.language),
          },
          { key: 'what', head: say('auditWhat'), cell: ({ what }) => what },
          { key: 'role', head: say('auditRole'), cell: ({ role = '' }) => role },
          {
            ...{ key: 'outcome', head: say('auditOutcome'), least: 10 },
            cell: ({ outcome, reason }) =>
              `${say(OUTCOME[outcome])}${reason === undefined ? '' : `: ${reason}`}`,
          },
        ],
        none: say('auditEmpty'),
        ...(next !== undefined && { next }),
      },
      tables,
    );
    return EXIT.ok;
  },
};

/** By `--root`, else that of the fleet's folder, else that of the person's grants. */
async function trustFor(call: Call, text: string): Promise<{ fleet: string; root: string }> {
  const [{ rootOf, told, withFleet }, { ownPerson }] = await Promise.all([
    import('../../fleet/fleet-call.ts'),
    import('../../fleet/person.ts'),
  ]);
  const root = rootOf(call);
  if (root !== undefined) return { fleet: fleetIn(text), root };
  if (call.flags.dir !== undefined) return withFleet(call, async ({ about }) => about);
  return told(() => ownPerson(call)).catch(() => withFleet(call, async ({ about }) => about));
}

/** What the first entry says; its evidence must prove it to the root, so that a lie is found. */
function fleetIn(text: string): string {
  try {
    const payload = text.split('.', 2)[1] ?? '';
    const { fleet } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof fleet === 'string' ? fleet : '';
  } catch {
    return '';
  }
}
