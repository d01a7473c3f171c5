import { jsonFlag } from '../../command/flag.ts';
import { codeGroup } from '../../command/groups.ts';
import { completeRobots } from '../../command/known-names.ts';
import { EXIT, type Verb } from '../../command/verb.ts';
import { dirFlag, outFlag, passphraseFlag } from '../../fleet/fleet-flags.ts';

export const codeTimetable: Verb = {
  name: 'timetable',
  parent: codeGroup,
  operands: [
    {
      ...{ name: 'ROBOT', complete: completeRobots },
      about: { en: 'its id', nl: 'de id van de robot', sv: 'robotens id' },
    },
    {
      name: 'FILE',
      about: {
        en: 'a week plan (mon 09:00-09:45 Maths), or iCalendar',
        nl: 'een weekplan (ma 09:00-09:45 Rekenen), of iCalendar',
        sv: 'en veckoplan (mån 09:00-09:45 Matte), eller iCalendar',
      },
    },
  ],
  summary: {
    en: 'in which lessons a robot may wake',
    nl: 'in welke lessen een robot wakker mag worden',
    sv: 'under vilka lektioner en robot får vakna',
  },
  flags: {
    phase: {
      ...{ type: 'number', value: 'N', min: 1, max: 6, whole: true },
      about: {
        en: 'phase of the return to school, 1 to 6',
        nl: 'fase van de terugkeer naar school, 1 tot 6',
        sv: 'fas i återgången till skolan, 1 till 6',
      },
    },
    zone: {
      ...{ type: 'string', value: 'ZONE' },
      about: {
        en: 'time zone, as Europe/Amsterdam (else this computer’s)',
        nl: 'tijdzone, zoals Europe/Amsterdam (anders die van deze computer)',
        sv: 'tidszon, som Europe/Stockholm (annars den här datorns)',
      },
    },
    from: {
      ...{ type: 'string', value: 'DATE' },
      about: {
        en: 'first day, as 2027-01-31',
        nl: 'eerste dag, zoals 2027-01-31',
        sv: 'första dagen, som 2027-01-31',
      },
    },
    until: {
      ...{ type: 'string', value: 'DATE' },
      about: { en: 'last day', nl: 'laatste dag', sv: 'sista dagen' },
    },
    out: outFlag,
    dir: dirFlag,
    'passphrase-file': passphraseFlag,
    json: jsonFlag,
  },
  examples: [
    {
      args: ['code', 'timetable', 'robot-1', 'week.txt', '--phase', '2', '--out', 'week.html'],
      about: {
        en: 'a week plan as codes, on paper or a tablet',
        nl: 'een weekplan als codes, op papier of een tablet',
        sv: 'en veckoplan som koder, på papper eller en surfplatta',
      },
    },
  ],
  async run(call) {
    const [{ showOrder }, { timetableOf }] = await Promise.all([
      import('../../fleet/order-code.ts'),
      import('../../fleet/timetable-input.ts'),
    ]);
    const timetable = timetableOf(call, call.words[1] ?? '');
    await showOrder(call, { kind: 'timetable', timetable });
    return EXIT.ok;
  },
};
