/**
 * Runs suites written for Vitest with Vitest's own runner and matchers, but without its server:
 * starting that takes 20 s on an emulated processor. Each file is a module of this bundle.
 */
import {
  type Suite,
  startTests,
  type Test,
  type VitestRunner,
  type VitestRunnerConfig,
} from '@vitest/runner';
import type { TestResult } from '../wire.ts';

/** Allows for a slow machine; suites with timing guarantees measure themselves. */
const TEST_LIMIT_MS = 60_000;

type Load = () => Promise<unknown>;

export async function runSuite(
  file: string,
  load: Load,
  onResult: (result: TestResult) => void,
): Promise<void> {
  const runner: VitestRunner = {
    config,
    importFile: async () => load(),
    onAfterRunTask: (task) => {
      if (task.type === 'test') onResult(resultOf(file, task));
    },
  };
  // The runner names files relative to the root; the path need not exist.
  const [whole] = await startTests([`${config.root}/${file}`], runner);
  for (const error of whole?.result?.errors ?? [])
    onResult({
      ...{ kind: 'test', file, groups: [], test: 'the suite as a whole', state: 'fail', ms: 0 },
      why: textOf(error),
    });
  for (const task of whole ? skippedIn(whole) : []) onResult(resultOf(file, task));
}

const config: VitestRunnerConfig = {
  root: process.cwd(),
  setupFiles: [],
  name: undefined,
  passWithNoTests: false,
  testNamePattern: undefined,
  allowOnly: true,
  sequence: {
    shuffle: false,
    concurrent: false,
    seed: 1,
    hooks: 'stack',
    setupFiles: 'list',
  },
  chaiConfig: undefined,
  maxConcurrency: 1,
  testTimeout: TEST_LIMIT_MS,
  hookTimeout: TEST_LIMIT_MS,
  retry: 0,
  includeTaskLocation: undefined,
  tags: [],
  tagsFilter: undefined,
  strictTags: false,
};

function resultOf(file: string, task: Test): TestResult {
  const { result } = task;
  const state = result?.state === 'pass' || result?.state === 'fail' ? result.state : 'skip';
  const why = state === 'fail' ? result?.errors?.map(textOf).join('\n') : undefined;
  return {
    kind: 'test',
    file,
    groups: groupsOf(task),
    test: task.name,
    state,
    ms: Math.round(result?.duration ?? 0),
    ...(why !== undefined && { why }),
  };
}

function groupsOf(task: Test): string[] {
  const groups: string[] = [];
  for (let suite = task.suite; suite; suite = suite.suite) groups.unshift(suite.name);
  return groups;
}

/** Tests marked as skipped are neither run nor reported. */
function skippedIn(suite: Suite): Test[] {
  return suite.tasks.flatMap((task) => {
    if (task.type === 'suite') return skippedIn(task);
    return task.result ? [] : [task];
  });
}

function textOf(error: { message?: string; stack?: string }): string {
  const at = error.stack
    ?.split('\n')
    .filter((line) => line.includes('.ts:'))
    .slice(0, 3);
  return [error.message ?? String(error), ...(at ?? [])].join('\n');
}
