/** The VM's results: printed as they arrive, and collected for files. */
import type { Figure, StepResult, TestResult, Word } from '../wire.ts';

/** dist/vm/results.json; `testResults` is as Vitest's JSON reporter writes it. */
export interface Results {
  readonly kernel: string;
  readonly accelerator: 'kvm' | 'tcg';
  readonly phases: readonly { readonly name: string; readonly seconds: number }[];
  readonly steps: readonly Omit<StepResult, 'kind'>[];
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: 'passed' | 'failed' | 'skipped';
      readonly duration: number;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export class Report {
  readonly tests: TestResult[] = [];
  readonly steps: StepResult[] = [];
  readonly figures: Figure[] = [];
  /** Unexpected ends. */
  readonly troubles: string[] = [];
  private readonly phases: { name: string; seconds: number }[] = [];
  private phase = { name: 'boot', startMs: 0 };
  private tally = { pass: 0, fail: 0, skip: 0 };

  constructor(
    private readonly logLine: (line: string) => void,
    /** Milliseconds since the VM was started. */
    private readonly now: () => number,
  ) {}

  get phaseName(): string {
    return this.phase.name;
  }

  take(word: Word): void {
    switch (word.kind) {
      case 'phase':
        this.begin(word.name);
        break;
      case 'test':
        this.takeTest(word);
        break;
      case 'step':
        this.steps.push(word);
        this.logLine(this.stepLine(word));
        break;
      case 'figure':
        this.figures.push(word);
        break;
      case 'note':
        this.logLine(`      ${word.text}`);
        break;
      case 'ended':
        if (word.code !== 0 && this.failures === 0)
          this.troubles.push(`${word.name} ended with exit code ${word.code}; see the log`);
        break;
    }
  }

  get failures(): number {
    return (
      this.tests.filter(({ state }) => state === 'fail').length +
      this.steps.filter(({ ok }) => !ok).length +
      this.troubles.length
    );
  }

  /** Ends the phase under way. */
  finish(): void {
    this.begin('');
  }

  results(kernel: string, accelerator: 'kvm' | 'tcg'): Results {
    return {
      kernel,
      accelerator,
      phases: this.phases,
      steps: this.steps.map(({ kind: _, ...step }) => step),
      testResults: [...new Set(this.tests.map(({ file }) => file))].map((name) => ({
        name,
        assertionResults: this.tests.filter(({ file }) => file === name).map(assertion),
      })),
    };
  }

  private takeTest(result: TestResult): void {
    this.tests.push(result);
    this.tally[result.state] += 1;
    if (result.state !== 'fail') return;
    const name = [...result.groups, result.test].join(' > ');
    this.logLine(`FAIL  ${name}\n${indented(result.why ?? 'no reason given')}`);
  }

  private stepLine({ ok, number, what, seen }: StepResult): string {
    return `${ok ? this.total() : 'FAIL '} ${number}. ${what}: ${seen}`;
  }

  /** Since the start, as it begins a line. */
  private total(): string {
    return `${(this.now() / 1000).toFixed(0)} s`.padStart(5);
  }

  private begin(name: string): void {
    const now = this.now();
    const { phase, tally } = this;
    const seconds = Math.round((now - phase.startMs) / 100) / 10;
    const counts = Object.entries({
      passed: tally.pass,
      failed: tally.fail,
      skipped: tally.skip,
    }).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
    this.phases.push({ name: phase.name, seconds });
    // A step of the robot has its own line.
    if (!phase.name.startsWith(ROBOT))
      this.logLine(`${this.total()} ${phase.name} (${seconds.toFixed(1)} s)${said(counts)}`);
    this.tally = { pass: 0, fail: 0, skip: 0 };
    this.phase = { name, startMs: now };
  }
}

/** Names of the whole robot's phases. */
const ROBOT = 'robot: ';

const STATUS = { pass: 'passed', fail: 'failed', skip: 'skipped' } as const;

function assertion({ groups, test, state, ms, why }: TestResult) {
  return {
    ancestorTitles: groups,
    title: test,
    status: STATUS[state],
    duration: ms,
    failureMessages: state === 'fail' && why !== undefined ? [why] : [],
  };
}

const said = (counts: readonly string[]): string => (counts.length ? `: ${counts.join(', ')}` : '');

const indented = (text: string): string =>
  text
    .split('\n')
    .slice(0, 12)
    .map((line) => `      ${line}`)
    .join('\n');
