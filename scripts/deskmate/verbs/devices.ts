import { withAgent } from '../command/agent-connection.ts';
import { moment, translator } from '../command/language.ts';
import { namesOf } from '../command/registry-entries.ts';
import { EXIT, jsonFlag, tellList, type Verb } from '../command/verb.ts';
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
    const { language } = call;
    const say = translator(commandWords, language);
    const bound = await withAgent(call, (agent) => agent.devices());
    const names = namesOf(bound.map(({ device }) => device));
    tellList(call, {
      forPrograms: { devices: bound.map((one, at) => ({ name: names[at], ...one })) },
      heads: [say('devicesName'), say('devicesBound'), say('devicesUsed')],
      rows: bound.map(({ boundAt, lastUsedAt }, at) => [
        names[at] ?? '',
        boundAt === null ? say('timeUnknown') : moment(boundAt, language),
        lastUsedAt === null ? say('devicesNever') : moment(lastUsedAt, language),
      ]),
      ...{ none: say('devicesNone'), next: say('devicesRevoke') },
    });
    return EXIT.ok;
  },
};
