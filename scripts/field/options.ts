import { readArguments, UsageError } from '../arguments.mjs';
import { CASES } from './cases/cases.ts';
import { BROWSERS, type BrowserName } from './pupils/tab.ts';

export interface Options {
  /** Names of cases; all when empty. */
  readonly only: readonly string[];
  readonly browsers: readonly BrowserName[];
  /** How often each case is run. */
  readonly rounds: number;
  /** Prints the outcomes as one line of JSON at the end. */
  readonly json: boolean;
  /** Leaves the hosts standing until Ctrl-C, to look inside. */
  readonly stay: boolean;
}

const USAGE = `usage: make field [ONLY=case,...] [BROWSER=${BROWSERS.join('|')}] [STAY=1]
cases: ${CASES.map(({ name }) => name).join(', ')}`;

const OPTIONS = {
  only: { type: 'string', default: '' },
  browser: { type: 'string', default: '' },
  rounds: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  stay: { type: 'boolean', default: false },
} as const;

/** Throws UsageError. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, { usage: USAGE, options: OPTIONS });
  const { only, browser, rounds: asked, json, stay } = values;
  const rounds = Number(asked);
  if (!/^[1-9]\d?$/.test(asked)) throw new UsageError(`rounds: expected 1 to 99\n${USAGE}`);
  const names = only.split(',').filter(Boolean);
  const unknown = names.find((name) => !CASES.some((one) => one.name === name));
  if (unknown !== undefined) throw new UsageError(`no case is called "${unknown}"\n${USAGE}`);
  const browsers = BROWSERS.filter((name) => browser === '' || name === browser);
  if (browsers.length === 0)
    throw new UsageError(`no browser is called "${browser}" here\n${USAGE}`);
  return { only: names, browsers, rounds, json, stay };
}
