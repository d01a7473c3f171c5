/** All that people read, in three languages, against the words that no native would use. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calibrateWords } from '../../scripts/deskmate/calibrate/words.ts';
import { COMMON } from '../../scripts/deskmate/command/command-line.ts';
import { queryFlag } from '../../scripts/deskmate/command/flag.ts';
import { groupsOf } from '../../scripts/deskmate/command/route.ts';
import { commandWords } from '../../scripts/deskmate/command/words.ts';
import { doctorWords } from '../../scripts/deskmate/doctor/tell.ts';
import { serverWords } from '../../scripts/deskmate/fleet/server-words.ts';
import { fleetWords } from '../../scripts/deskmate/fleet/words.ts';
import { verbs } from '../../scripts/deskmate/verbs.ts';
import { reportWords } from '../../scripts/fleet/reports/html-words.ts';
import { homeWords } from '../../sim/console/home/words.ts';
import { dictionaries as robot } from '../../sim/console/robot/words/dictionaries.ts';
import { alertWords } from '../fleet-client/alert-words.ts';
import { diagnosisWords } from '../fleet-client/diagnosis-words.ts';
import { queryFieldWords } from '../fleet-client/query-field-words.ts';
import { queryWords } from '../fleet-client/query-words.ts';
import { dictionaries as fleet } from './fleet/words/dictionaries.ts';
import { dictionaries as pupil } from './pupil/words/dictionaries.ts';
import { LANGUAGES, type Language } from './shared/i18n.ts';
import { invitationWords } from './shared/invitation-words.ts';
import { stationWords } from './station/words.ts';
import { FORBIDDEN } from './testing/glossary.ts';

/** Where each language's words are: the file, and what it says. */
const WORDS: Readonly<Record<string, (language: Language) => unknown>> = {
  home: (language) => homeWords[language],
  station: (language) => [stationWords[language], invitationWords[language]],
  robot: (language) => robot[language],
  pupil: (language) => pupil[language],
  fleetPage: (language) => fleet[language],
  command: (language) => commandWords[language],
  fleet: (language) => [fleetWords[language], serverWords[language]],
  doctor: (language) => doctorWords[language],
  calibrate: (language) => calibrateWords[language],
  alerts: (language) => alertWords[language],
  diagnosis: (language) => diagnosisWords[language],
  queries: (language) => [queryWords[language], queryFieldWords[language]],
  report: (language) => reportWords[language],
  verbs: (language) => [
    [...verbs, ...groupsOf(verbs)].map(({ summary }) => summary[language]),
    verbs.flatMap(({ operands = [], examples = [] }) =>
      [
        ...operands.flatMap(({ about, missing }) => [about, missing]),
        ...examples.map((one) => one.about),
      ].map((about) => about?.[language] ?? ''),
    ),
    queryFlag(() => ({ ok: false, why: '' })).about[language],
    [COMMON, ...verbs.map(({ flags }) => flags)]
      .flatMap((flags) => Object.values(flags))
      .map(({ about }) => about[language]),
  ],
};

/** Files that speak: whoever adds one adds its words above. */
const SPEAKING = [
  /^scripts\/deskmate\/calibrate\/words\.ts$/,
  /^scripts\/fleet\/reports\/html-words\.ts$/,
  /^scripts\/deskmate\/(calibrate|fleet)\/words\.ts$/,
  /^scripts\/deskmate\/(calibrate|fleet)\/(server-)?words\.ts$/,
  /^scripts\/deskmate\/(command|doctor)\/words\/(nl|words)\.ts$/,
  /^scripts\/deskmate\/verbs\/([a-z-]+\/)?[a-z-]+\.ts$/,
  /^scripts\/deskmate\/(command|fleet)\/(fleet-flags|server-flags|flag|table-flags|groups|command-line)\.ts$/,
  /^agent\/pages\/(station\/words|shared\/invitation-words)\.ts$/,
  /^agent\/fleet-client\/(query|query-field|diagnosis|alert)-words\.ts$/,
  /^agent\/pages\/(pupil|fleet)\/words\/(nl|dictionaries)\.ts$/,
  /^sim\/console\/(home\/words|robot\/words\/(nl|dictionaries))\.ts$/,
];
/** These only pass words on. */
const SILENT = [
  'agent/pages/shared/i18n.ts',
  'agent/pages/testing/glossary.ts',
  'scripts/station/devices.ts',
];

const texts = (said: unknown): string[] => {
  if (typeof said === 'string') return [said];
  return typeof said === 'object' && said !== null ? Object.values(said).flatMap(texts) : [];
};

test.each(LANGUAGES.flatMap((language) => Object.keys(WORDS).map((where) => [language, where])))(
  '%s of %s is what people say',
  (language, where) => {
    const said = texts(WORDS[where]?.(language as Language));
    expect(said.length).toBeGreaterThan(0);
    const wrong = said.flatMap((text) =>
      FORBIDDEN[language as Language]
        .filter(({ pattern, except }) => except !== where && pattern.test(text))
        .map(({ say }) => `“${text}”: rather ${say}`),
    );
    expect(wrong).toEqual([]);
  },
);

test('no file with Dutch in it is left out', () => {
  const root = new URL('../..', import.meta.url).pathname;
  const files = ['agent', 'firmware', 'hal', 'scripts', 'sim'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((file) => `${folder}/${file}`),
  );
  const speaking = files.filter(
    (file) =>
      /(?<!\.test)\.(ts|mjs)$/.test(file) &&
      /^\s*(export const )?nl(: |,$| =)|\bnl: ['{]/m.test(readFileSync(join(root, file), 'utf8')),
  );
  const known = (file: string) => SPEAKING.some((one) => one.test(file)) || SILENT.includes(file);
  expect(speaking.filter((file) => !known(file))).toEqual([]);
  expect(speaking.length).toBeGreaterThan(10);
});
