import { jsonFlag, textFlag } from '../command/flag.ts';
import type { Verb } from '../command/verb.ts';
import type { Verdict } from '../doctor/check.ts';

const EXIT: Readonly<Record<Verdict, number>> = {
  ok: 0,
  notExamined: 0,
  warning: 1,
  problem: 2,
};

export const doctor: Verb = {
  name: 'doctor',
  summary: {
    en: 'examines the robot and says what to do',
    nl: 'onderzoekt de robot en zegt wat je kunt doen',
    sv: 'undersöker roboten och säger vad man kan göra',
  },
  flags: {
    json: jsonFlag,
    board: {
      type: 'string',
      value: 'FILE',
      about: {
        en: 'this board (a name or a board file), not the installed one',
        nl: 'dit board (een naam of een boardbestand), niet het geïnstalleerde',
        sv: 'det här kortet (ett namn eller en kortfil), inte det installerade',
      },
    },
  },
  examples: [
    {
      args: ['doctor', '--json', '--board', 'laptop'],
      about: {
        en: 'examines this computer as a station, for a program',
        nl: 'onderzoekt deze computer als station, voor een programma',
        sv: 'undersöker den här datorn som station, för ett program',
      },
    },
  ],
  async run(call) {
    const { clock, places, env, terminal, language, flags } = call;
    const { asJson, checks, examine, LinuxHostProbe, openSubject, tell, worst } = await import(
      '../doctor/doctor.ts'
    );
    const machine = new LinuxHostProbe(clock, env);
    const subject = await openSubject(machine, places, textFlag(call, 'board'));
    const examined = await examine(checks, machine, subject, clock);
    if (flags.json) terminal.line(JSON.stringify(asJson(examined, language), null, 2));
    else tell(terminal, examined, language);
    return EXIT[worst(examined)];
  },
};
