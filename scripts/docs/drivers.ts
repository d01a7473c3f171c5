/**
 * Which driver fulfils which port's contract where: a table from the reports of the contract
 * suites' runs, so that docs/drivers.md claims only what a run has shown.
 */
import { z } from 'zod';

/** What vitest's JSON reporter writes, as far as it is used here. */
export const TestReport = z.looseObject({
  testResults: z.array(
    z.looseObject({
      name: z.string(),
      assertionResults: z.array(
        z.looseObject({ ancestorTitles: z.array(z.string()), status: z.string() }),
      ),
    }),
  ),
});
export type TestReport = z.infer<typeof TestReport>;

const PLACES = ['simulator', 'fakes', 'machine'] as const;
type Place = (typeof PLACES)[number];

const HEADINGS: Record<Place, string> = {
  simulator: 'simulator',
  fakes: 'Linux drivers on fakes and test sources (every test run)',
  machine: 'Linux drivers on a real kernel (`make vm-test`)',
};

/** As the suites of hal/contract call themselves, in the order of a reader. */
const PORTS = [
  'body',
  'head servos',
  'angle encoder',
  'lights',
  'eyes',
  'switch',
  'button',
  'battery gauge',
  'thermometer',
  'watchdog',
  'camera',
  'microphone',
  'speaker',
  'network',
  'wifi settings',
  'storage',
  'clock',
] as const;

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** The whole document. */
export function driversDocument(reports: readonly TestReport[]): string {
  const counts = count(reports);
  const rows = PORTS.map(
    (port) => `| ${port} | ${PLACES.map((place) => cell(counts, port, place)).join(' | ')} |`,
  );
  return [
    '# Which driver keeps its promises where',
    '',
    'Each port of `hal/ports` has one contract suite in `hal/contract`, run against every driver of it.',
    'This table is written by `npm run docs` from the reports of those runs: tests passed of tests run.',
    'A bench that cannot see or do something (a register that a stub does not model) asks less.',
    '',
    `| port | ${PLACES.map((place) => HEADINGS[place]).join(' | ')} |`,
    `| --- | ${PLACES.map(() => '---').join(' | ')} |`,
    ...rows,
    '',
  ].join('\n');
}

function count(reports: readonly TestReport[]): Map<string, Map<string, Count>> {
  const counts = new Map<string, Map<string, Count>>();
  for (const { name, assertionResults } of reports.flatMap(({ testResults }) => testResults)) {
    for (const { ancestorTitles, status } of assertionResults) {
      // What a suite needs of the machine may stand around it.
      const suite = ancestorTitles.map(parseSuite).find((found) => found !== undefined);
      if (!suite) continue;
      const key = `${suite.port} ${placeOf(name)}`;
      const drivers = counts.get(key) ?? new Map<string, Count>();
      const tally = drivers.get(suite.driver) ?? { passed: 0, failed: 0, skipped: 0 };
      tally[status === 'passed' ? 'passed' : status === 'failed' ? 'failed' : 'skipped'] += 1;
      counts.set(key, drivers.set(suite.driver, tally));
    }
  }
  return counts;
}

/** `angle encoder: pan, simulated` is the driver `simulated`; the device is of no interest here. */
function parseSuite(title: string): { port: string; driver: string } | undefined {
  const [port, ...rest] = title.split(': ');
  // Other suites are called `camera` too, for what they test of it; a contract names its driver.
  if (port === undefined || rest.length === 0) return undefined;
  if (!PORTS.some((known) => known === port)) return undefined;
  return { port, driver: rest.join(': ').replace(/^(\w+), /, '') };
}

function placeOf(file: string): Place {
  if (/\.vm\.test\.ts$/.test(file)) return 'machine';
  return /(^|\/)sim\//.test(file) ? 'simulator' : 'fakes';
}

function cell(counts: Map<string, Map<string, Count>>, port: string, place: Place): string {
  const drivers = [...(counts.get(`${port} ${place}`) ?? [])].sort(([a], [b]) =>
    a.localeCompare(b),
  );
  if (drivers.length === 0) return '–';
  return drivers.map(([driver, tally]) => `${driver} ${figure(tally)}`).join('<br>');
}

function figure({ passed, failed, skipped }: Count): string {
  const mark = failed > 0 ? '✗' : passed === 0 ? '–' : '✓';
  const left = skipped > 0 ? ` (${skipped} skipped)` : '';
  return `${mark} ${passed}/${passed + failed}${left}`;
}
