/** Verbs in groups and with every kind of option, as a fleet will have them. */
import { type InEveryLanguage, jsonFlag, queryFlag } from '../command/flag.ts';
import { completeRobots, completeSchools } from '../command/known-names.ts';
import type { Call, Group, Verb } from '../command/verb.ts';

const same = (text: string): InEveryLanguage => ({ en: text, nl: text, sv: text });

export const trialsGroup: Group = { name: 'trials', summary: same('the trials') };
const diaryGroup: Group = { name: 'diary', summary: same('its log'), parent: trialsGroup };

/** Texts without `!` are queries. */
export const testQuery = queryFlag<{ readonly text: string }>((text) => {
  const at = text.indexOf('!');
  return at < 0 ? { ok: true, value: { text } } : { ok: false, why: 'expected a name', at };
});

const calls: Call[] = [];
/** The last call of any of them. */
export const lastCall = (): Call | undefined => calls.at(-1);

const run = async (call: Call): Promise<number> => {
  calls.push(call);
  return 0;
};

export const testVerbs: readonly Verb[] = [
  { name: 'begin', parent: trialsGroup, summary: same('begins'), flags: { json: jsonFlag }, run },
  {
    ...{ name: 'examine', parent: diaryGroup, summary: same('verifies'), flags: {}, run },
    operands: [{ name: 'FILE' }, { name: 'OTHER', optional: true }],
  },
  {
    ...{ name: 'exhibit', summary: same('shows'), run },
    operands: [{ name: 'ROBOT', variadic: true, complete: completeRobots }],
    flags: {
      json: jsonFlag,
      query: testQuery,
      school: { type: 'string', value: 'SCHOOL', about: same('s'), complete: completeSchools },
      state: { type: 'choice', value: 'S', choices: ['ready', 'asleep', 'off'], about: same('s') },
      tag: { type: 'string', value: 'TAG', repeated: true, about: same('t') },
      for: {
        ...{ type: 'number', value: 'TIME', min: 60, max: 7200, about: same('f') },
        units: { s: 1, min: 60, h: 3600 },
      },
      share: { type: 'number', value: 'N', min: 0, max: 1, about: same('s') },
    },
  },
];
