import { withAgent } from '../command/agent-door.ts';
import { namesOf } from '../command/guests.ts';
import { moment, translator } from '../command/language.ts';
import { tellColumns } from '../command/terminal.ts';
import { EXIT, jsonFlag, type Verb } from '../command/verb.ts';

import { commandWords } from '../command/words.ts';

export const devices: Verb = {
  name: 'devices',
  summary: {
    en: 'pupils’ devices that may come in, and when they last did',
    nl: 'apparaten van leerlingen die binnen mogen, en sinds wanneer',
    sv: 'elevers enheter som får komma in, och när de senast gjorde det',
  },
  flags: { json: jsonFlag },
  async run(call) {
    const { terminal, flags, language } = call;
    const say = translator(commandWords, language);
    const bound = await withAgent(call, (agent) => agent.devices());
    const names = namesOf(bound.map(({ device }) => device));
    if (flags.json) {
      const listed = bound.map((one, at) => ({ name: names[at], ...one }));
      terminal.line(JSON.stringify({ devices: listed }, null, 2));
    } else if (bound.length === 0) terminal.line(say('devicesNone'));
    else {
      const rows = bound.map(({ boundAt, lastUsedAt }, at) => [
        names[at] ?? '',
        boundAt === null ? say('timeUnknown') : moment(boundAt, language),
        lastUsedAt === null ? say('devicesNever') : moment(lastUsedAt, language),
      ]);
      tellColumns(terminal, [say('devicesName'), say('devicesBound'), say('devicesUsed')], rows);
      terminal.line();
      terminal.line(say('devicesRevoke'));
    }
    return EXIT.ok;
  },
};
