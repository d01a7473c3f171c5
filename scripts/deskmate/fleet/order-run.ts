/** One order to each of several robots: asked first, with progress, each result in a table. */
import type { FleetApi } from '../../../agent/fleet-client/fleet-api.ts';
import { FleetProblem } from '../../../agent/fleet-client/fleet-problem.ts';
import { ORDER_S } from '../../../agent/fleet-client/person.ts';
import type { Action } from '../../../agent/wire/order.ts';
import { textFlag } from '../command/flag.ts';
import { moment, translator } from '../command/language.ts';
import { Progress } from '../command/progress.ts';
import { type Column, tableLines } from '../command/table.ts';
import { type Call, CommandError, EXIT, usageError } from '../command/verb.ts';
import { serverWords } from './server-words.ts';

/** How long a robot that is on may take. */
const WAIT_MS = 15_000;
/** Robots at a time: the service lets a person ask 20 times a second. */
const AT_ONCE = 8;
const YES = /^[yj]/i;

export interface OrderResult {
  readonly robot: string;
  readonly outcome: 'done' | 'refused' | 'failed' | 'waiting' | 'expired' | 'unknown';
  readonly reason?: string;
  /** The answer that the robot sealed, opened. */
  readonly answer?: string;
}

/** What is ordered of one robot; `open` reads its sealed answer. */
export interface Ordered {
  readonly action: Action;
  readonly open?: (sealed: string) => Promise<string | undefined>;
}

interface OrderRun {
  readonly api: FleetApi;
  readonly ordered: (robot: string) => Promise<Ordered>;
  /** In words, for the question; undefined: it is not asked. */
  readonly ask?: string;
}

/** Ids as typed, or by `--query`. Throws CommandError, FleetProblem. */
export async function robotsOf(call: Call, api: FleetApi): Promise<readonly string[]> {
  const query = textFlag(call, 'query');
  if ((query === undefined) === (call.words.length === 0))
    throw usageError(translator(serverWords, call.language)('whichRobots'));
  if (query === undefined) return [...new Set(call.words)];
  return (await api.robots(query)).map(({ id }) => id);
}

/** Resolves with what became of each; undefined: the person said no. */
export async function orderRobots(
  call: Call,
  robots: readonly string[],
  { api, ordered, ask }: OrderRun,
): Promise<readonly OrderResult[] | undefined> {
  if (ask !== undefined && robots.length > 0 && !(await confirmed(call, ask, robots)))
    return undefined;
  const results: OrderResult[] = [];
  const progress = robots.length > 1 ? progressOf(call, robots.length) : undefined;
  const left = [...robots];
  const work = async (): Promise<void> => {
    for (let robot = left.shift(); robot !== undefined; robot = left.shift()) {
      if (progress?.stopped.aborted) return;
      results.push(await orderOne(api, robot, ordered));
      progress?.advance();
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    progress?.end();
  }
  return results.sort((one, other) => (one.robot < other.robot ? -1 : 1));
}

/** What concerns one robot alone is its result; what concerns all of them is thrown. */
async function orderOne(
  api: FleetApi,
  robot: string,
  ordered: OrderRun['ordered'],
): Promise<OrderResult> {
  try {
    const { action, open } = await ordered(robot);
    const sent = await api.order(robot, action);
    const result = await api.outcome(sent, { forMs: WAIT_MS });
    if (!('receipt' in result)) return { robot, outcome: result.outcome };
    const { outcome, reason, sealed } = result.receipt;
    const answer = sealed === undefined ? undefined : await open?.(sealed);
    return {
      ...{ robot, outcome },
      ...(reason !== undefined && { reason }),
      ...(answer !== undefined && { answer }),
    };
  } catch (error) {
    if (!(error instanceof FleetProblem)) throw error;
    const { kind, detail } = error;
    if (['unprocessable', 'notFound', 'forbidden'].includes(kind))
      return { robot, outcome: 'refused', reason: detail };
    if (kind === 'notProven') return { robot, outcome: 'unknown', reason: detail };
    throw error;
  }
}

/** 0 when each robot did it. */
export const exitOf = (results: readonly OrderResult[]): number =>
  results.every(({ outcome }) => outcome === 'done') ? EXIT.ok : EXIT.unavailable;

/** The table, and what becomes of robots that are off. `facts`: further JSON of a robot. */
export function tellResults(
  call: Call,
  results: readonly OrderResult[],
  facts: (result: OrderResult) => object = () => ({}),
): void {
  const { terminal, language, clock } = call;
  const say = translator(serverWords, language);
  if (call.flags.json) {
    const robots = results.map(({ answer: _, ...one }) => ({
      ...one,
      ...facts({ ...one, ...(_ !== undefined && { answer: _ }) }),
    }));
    terminal.line(JSON.stringify({ robots }, null, 2));
    return;
  }
  if (results.length === 0) {
    terminal.line(say('robotsNone'));
    return;
  }
  const columns: Column<OrderResult>[] = [
    { key: 'robot', head: say('robot'), cell: ({ robot }) => robot },
    {
      ...{ key: 'outcome', head: say('outcome') },
      cell: ({ outcome }) => ({
        text: say(outcome),
        paint: outcome === 'done' ? 'green' : outcome === 'waiting' ? 'yellow' : 'red',
      }),
    },
    { key: 'reason', head: say('reason'), cell: ({ reason = '' }) => reason },
  ];
  for (const line of tableLines(columns, results, terminal)) terminal.line(line);
  if (!results.some(({ outcome }) => outcome === 'waiting')) return;
  terminal.line(say('waits', { date: moment(clock.wall() + ORDER_S * 1_000, language) }));
}

async function confirmed(call: Call, action: string, robots: readonly string[]): Promise<boolean> {
  if (call.flags.yes) return true;
  const say = translator(serverWords, call.language);
  const most = robots.slice(0, 10).join(', ');
  const named = robots.length > 10 ? `${most}, … (${robots.length})` : most;
  const question = say('ask', { action, robots: named });
  const answer = call.flags.json ? undefined : await call.terminal.ask(question);
  if (answer === undefined)
    throw new CommandError('notConfirmed', EXIT.usage, say('confirm'), { robots });
  if (YES.test(answer.trim())) return true;
  call.terminal.complain(say('notDone'));
  return false;
}

function progressOf({ terminal, env, clock, language }: Call, total: number): Progress {
  const plain = { write: (text: string) => terminal.complain(text.trimEnd()) };
  const stream = terminal.output.isTTY && process.stderr.isTTY ? process.stderr : plain;
  const title = translator(serverWords, language)('progress');
  return new Progress({ stream, env, clock, language, title, total, signals: process });
}
