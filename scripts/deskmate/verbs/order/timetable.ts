import { orderVerb } from '../../fleet/order-verb.ts';
import { robotOperand } from '../../fleet/server-flags.ts';
import { codeTimetable } from '../code/timetable.ts';

const { phase, zone, from, until } = codeTimetable.flags;

export const timetable = orderVerb({
  name: 'timetable',
  summary: {
    en: 'in which lessons a robot may wake',
    nl: 'in welke lessen een robot wakker mag worden',
    sv: 'under vilka lektioner en robot får vakna',
  },
  operands: [
    robotOperand,
    {
      name: 'FILE',
      about: {
        en: 'a week plan or an iCalendar file',
        nl: 'een weekplan of een iCalendar-bestand',
        sv: 'en veckoplan eller en iCalendar-fil',
      },
    },
  ],
  flags: {
    ...(phase && { phase }),
    ...(zone && { zone }),
    ...(from && { from }),
    ...(until && { until }),
  },
  examples: [
    {
      args: ['timetable', 'robot-1', 'week.txt', '--phase', '2'],
      about: {
        en: 'the lessons of each week, in the second phase',
        nl: 'de lessen van elke week, in de tweede fase',
        sv: 'varje veckas lektioner, i andra fasen',
      },
    },
  ],
  prepare: async (call) => {
    const { timetableOf } = await import('../../fleet/timetable-input.ts');
    const compact = timetableOf(call, call.words[1] ?? '');
    return async () => ({ action: { kind: 'timetable', timetable: compact } });
  },
});
