import { numberFlag, textFlag } from '../../command/flag.ts';
import { orderVerb } from '../../fleet/order-verb.ts';
import { robotOperand } from '../../fleet/server-flags.ts';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

export const logs = orderVerb({
  name: 'logs',
  operands: [robotOperand],
  summary: {
    en: 'the last lines of a robot’s log, encrypted to you',
    nl: 'de laatste regels van een robot, alleen voor jou leesbaar',
    sv: 'de sista raderna i en robots logg, krypterade till dig',
  },
  flags: {
    lines: {
      ...{ type: 'number', value: 'N', min: 1, max: 2_000, whole: true },
      about: {
        en: 'how many (else 200)',
        nl: 'hoeveel (anders 200)',
        sv: 'hur många (annars 200)',
      },
    },
    level: {
      ...{ type: 'choice', value: 'LEVEL', choices: LEVELS },
      about: {
        en: 'this grave or graver (else info)',
        nl: 'zo ernstig of ernstiger (anders info)',
        sv: 'så allvarligt eller mer (annars info)',
      },
    },
  },
  examples: [
    {
      args: ['logs', 'robot-1', '--level', 'warn'],
      about: {
        en: 'what went wrong lately',
        nl: 'wat er de laatste tijd misging',
        sv: 'vad som gått fel på sistone',
      },
    },
  ],
  prepare: async (call) => {
    const { replyBox } = await import('../../../../agent/fleet-client/person.ts');
    const lines = numberFlag(call, 'lines') ?? 200;
    const level = LEVELS.find((one) => one === textFlag(call, 'level')) ?? 'info';
    return async () => {
      const { replyKey, open } = await replyBox();
      return { action: { kind: 'logs', lines, level, replyKey }, open };
    };
  },
  tell: async (call, results) => {
    const { tellResults } = await import('../../fleet/order-run.ts');
    const [first] = results;
    if (first?.answer !== undefined && !call.flags.json) call.terminal.line(first.answer);
    else tellResults(call, results, ({ answer }) => (answer === undefined ? {} : { log: answer }));
  },
});
