import { jsonFlag, textFlag } from '../../command/flag.ts';
import { auditGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { CommandError, EXIT, type Verb } from '../../command/verb.ts';
import { outFlag } from '../../fleet/fleet-flags.ts';
import { robotOperand, serverFlag } from '../../fleet/server-flags.ts';

export const auditGet: Verb = {
  name: 'get',
  parent: auditGroup,
  operands: [{ ...robotOperand, optional: true }],
  summary: {
    en: 'gets the log of a robot, else of the service; verifies it',
    nl: 'haalt het logboek van een robot of de dienst, en controleert',
    sv: 'hämtar en robots logg, annars tjänstens; kontrollerar den',
  },
  flags: { out: outFlag, server: serverFlag, json: jsonFlag },
  examples: [
    {
      args: ['audit', 'get', 'robot-1', '--out', 'robot-1.audit'],
      about: {
        en: 'to keep, and to verify without any network',
        nl: 'om te bewaren en zonder netwerk te controleren',
        sv: 'för att spara och kontrollera utan nätverk',
      },
    },
  ],
  async run(call) {
    const [{ withFleetApi }, { serverWords }, { verifyAuditText }, files] = await Promise.all([
      import('../../fleet/server-call.ts'),
      import('../../fleet/server-words.ts'),
      import('../../../../agent/wire/audit.ts'),
      import('../../fleet/fleet-call.ts'),
    ]);
    const say = translator(serverWords, call.language);
    const [robot] = call.words;
    const out = textFlag(call, 'out');
    if (out !== undefined) await files.expectFree(out);
    return withFleetApi(call, async ({ api, person }) => {
      const text = await (robot === undefined ? api.fleetAuditText() : api.auditText(robot));
      const log = robot ?? person.fleet;
      const verdict = await verifyAuditText(text, person);
      const expected = robot ?? '$fleet';
      // A whole log of another robot proves nothing of this one.
      const isOther = verdict.ok && verdict.entries.some((entry) => entry.log !== expected);
      if (!verdict.ok || isOther) {
        const { line, why } = verdict.ok ? { line: 1, why: 'wrongLog' } : verdict;
        const message = say('auditBad', { log, line, why });
        throw new CommandError('auditWrong', EXIT.data, message, { log, line, why });
      }
      if (out !== undefined) await files.writeOutput(out, text, 0o600);
      const { entries, head } = verdict;
      if (call.flags.json)
        call.terminal.line(JSON.stringify({ ok: true, log, head: head ?? null, entries }, null, 2));
      else {
        call.terminal.line(say('auditGood', { count: entries.length, log }));
        if (out !== undefined) call.terminal.line(say('auditKept', { file: out }));
      }
      return EXIT.ok;
    });
  },
};
