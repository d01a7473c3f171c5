/** Writes the generated documents of docs/. `--check`: only reports whether they are current. */
import { readFile, writeFile } from 'node:fs/promises';
import pkg from '../../package.json' with { type: 'json' };
import { EXIT_USAGE, readArguments, UsageError } from '../arguments.mjs';
import { verbs } from '../deskmate/verbs.ts';
import { openApiDocument } from '../fleet/api/openapi.ts';
import { describedRoutes } from '../fleet/api/routes.ts';
import { admissionDocument } from './admission.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { commandDocument } from './command.ts';
import { driversDocument, TestReport } from './drivers.ts';
import { ordersDocument } from './orders.ts';

/** What the two runs leave: `make test` and `make vm-test`. */
const REPORTS = ['dist/reports/everyday.json', 'dist/vm/results.json'];

async function main(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, {
    usage: 'npm run docs [-- --check]\n',
    options: { check: { type: 'boolean', default: false } },
  });
  const { check } = values;
  const reports = await Promise.all(REPORTS.map(readReport));
  const whole = reports.filter((report) => report !== undefined);
  const documents: [file: string, text: string][] = [
    ['docs/admission.md', admissionDocument()],
    ['docs/command.md', commandDocument(verbs)],
    ['docs/fleet-orders.md', ordersDocument(await readFile('docs/fleet-orders.md', 'utf8'))],
    ['docs/asyncapi.json', `${JSON.stringify(asyncApiDocument(pkg.version), null, 2)}\n`],
    [
      'docs/openapi.json',
      `${JSON.stringify(openApiDocument(describedRoutes(), pkg.version), null, 2)}\n`,
    ],
  ];
  if (whole.length === REPORTS.length) documents.push(['docs/drivers.md', driversDocument(whole)]);
  else
    process.stdout.write(
      `docs/drivers.md stays: it needs the reports of make test and make vm-test\n`,
    );
  let stale = 0;
  for (const [file, text] of documents) {
    const same = (await readFile(file, 'utf8').catch(() => undefined)) === text;
    if (same) continue;
    stale += 1;
    if (!check) await writeFile(file, text);
    process.stdout.write(check ? `${file} is out of date: npm run docs\n` : `wrote ${file}\n`);
  }
  return check && stale > 0 ? 1 : 0;
}

async function readReport(file: string): Promise<TestReport | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return TestReport.parse(JSON.parse(text));
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`docs: ${error.message}`);
    process.exitCode = EXIT_USAGE;
  },
);
