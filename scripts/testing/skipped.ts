/**
 * What did not run, said at the end of a run: a test that is skipped because a tool is missing must
 * not look like one that passed. With ALL_TESTS=1 (where everything should be there: `make test` as
 * root, and CI) a skipped test fails the run.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

interface Output {
  write(text: string): unknown;
}

export class SkippedReporter implements Reporter {
  constructor(
    private readonly all: boolean = process.env.ALL_TESTS === '1',
    private readonly out: Output = process.stdout,
  ) {}

  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    if (skipped.length === 0) return;
    const word = this.all ? 'Skipped, though ALL_TESTS=1 asks for all' : 'Not run here';
    this.out.write(`\n${word}: ${skipped.length} tests\n${lines(skipped)}`);
    if (this.all) process.exitCode = 1;
  }
}

/** One line a suite: its title says what it needs. */
function lines(skipped: readonly TestCase[]): string {
  const suites = new Map<string, number>();
  for (const test of skipped) {
    const { parent } = test;
    const suite = parent.type === 'suite' ? parent.fullName : test.name;
    const key = `${test.module.relativeModuleId}: ${suite}`;
    suites.set(key, (suites.get(key) ?? 0) + 1);
  }
  return [...suites].map(([suite, count]) => `  ${count} of ${suite}\n`).join('');
}
