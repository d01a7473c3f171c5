import { jsonFlag, textFlag, type Verb } from '../command/verb.ts';
import type { Verdict } from '../doctor/check.ts';
import { checks } from '../doctor/checks/all.ts';
import { examine, worst } from '../doctor/examine.ts';
import { LinuxHostProbe } from '../doctor/linux-host-probe.ts';
import { openSubject } from '../doctor/subject.ts';
import { asJson, tell } from '../doctor/tell.ts';

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
  async run(call) {
    const { clock, places, env, terminal, language, flags } = call;
    const machine = new LinuxHostProbe(clock, env);
    const subject = await openSubject(machine, places, textFlag(call, 'board'));
    const examined = await examine(checks, machine, subject, clock);
    if (flags.json) terminal.line(JSON.stringify(asJson(examined, language), null, 2));
    else tell(terminal, examined, language);
    return EXIT[worst(examined)];
  },
};
