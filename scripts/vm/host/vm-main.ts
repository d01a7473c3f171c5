/** The host's part of `make vm-test`: prepares, boots, collects results. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import type { Clock, Timer } from '../../../hal/ports/clock.ts';
import type { Word } from '../wire.ts';
import { initramfs } from './initramfs.ts';
import { ioFigures } from './io-figures.ts';
import { findKernel, type Kernel, openKernel } from './kernel.ts';
import { buildModules, modulesOf, sourceOf } from './modules.ts';
import { type Options, parseOptions } from './options.ts';
import { ensurePackages, NEEDS } from './packages.ts';
import { type Ended, type MachineOptions, mayUseKvm, QemuMachine } from './qemu-machine.ts';
import { Report, type Results } from './report.ts';

interface Places {
  readonly root: string;
  /** dist/vm */
  readonly out: string;
}

/** The kernel's message when its watchdog resets the machine. */
const BITE = 'softdog: Initiating system reboot';

/** Time until the VM's first message. */
const BOOT_S = { kvm: 15, tcg: 240 };
/** Factor on limits: they are in the VM's seconds, which take longer on a busy host. */
const PATIENCE = { kvm: 1, tcg: 8 };

/** Low enough to leave the others a processor where there are two. */
const ASIDE = 5;

/** Resolves with the exit code. Rejects with a one-line message. */
export async function main(args: readonly string[], places: Places): Promise<number> {
  const options = parseOptions(args);
  const clock = new SystemClock();
  const logLine = (line: string): void => void process.stdout.write(`${line}\n`);
  const startMs = clock.now();
  const kernel = prepare(places, logLine);
  const init = path.join(places.root, 'scripts/vm/guest/init');
  const modules = modulesOf(kernel.modules, buildModules(kernel.version, places.out));
  logLine(`prepared in ${((clock.now() - startMs) / 1000).toFixed(1)} s: Linux ${kernel.version}`);
  // Not shared by concurrent runs.
  const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-vm-'));
  const runs = shares(options).map(({ name, only, nice }) => {
    const own = path.join(folder, name);
    mkdirSync(own);
    const initrd = path.join(own, 'initrd');
    const inside = { root: places.root, node: process.execPath, shell: options.shell, only };
    writeFileSync(initrd, initramfs(init, modules, inside));
    const log = path.join(places.out, name === 'all' ? 'log.txt' : `log-${name}.txt`);
    return new Run(clock, places, kernel, { initrd, folder: own, log, nice }, logLine);
  });
  try {
    if (options.shell) return (await runs[0]?.shell()) ?? 1;
    return conclude(places, kernel, await side(runs, availableParallelism()), logLine);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * One processor for each VM: time in an emulated one jumps when the host does not schedule it,
 * which would falsify the test.
 */
async function side(runs: readonly Run[], lanes: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const left = [...runs];
  const lane = async (): Promise<void> => {
    for (let run = left.shift(); run; run = left.shift()) outcomes.push(await run.whole());
  };
  await Promise.all(Array.from({ length: Math.max(2, lanes) }, lane));
  return outcomes;
}

interface Share {
  readonly name: string;
  readonly only: string;
  readonly nice: number;
}

/** The task of each VM, longest first. The robot's has priority. */
function shares({ only, shell }: Options): Share[] {
  const words = [...new Set(only.split(','))];
  if (shell || (only !== '' && words.length === 1)) return [{ name: 'all', only, nice: 0 }];
  if (words.length > 1)
    return words.map((word) => ({ name: word.replaceAll('/', '-'), only: word, nice: 0 }));
  return [
    { name: 'robot', only: 'robot', nice: 0 },
    { name: 'body', only: '!camera,sound,robot', nice: ASIDE },
    { name: 'sound', only: 'sound', nice: ASIDE },
    { name: 'camera', only: 'camera', nice: ASIDE },
  ];
}

function prepare({ out }: Places, logLine: (line: string) => void): Kernel {
  mkdirSync(out, { recursive: true });
  ensurePackages(NEEDS, logLine);
  const version = findKernel();
  const source = sourceOf(version);
  ensurePackages([{ packages: [source.package], file: source.archive }], logLine);
  prepareGstreamer(out);
  return openKernel(version, out);
}

/** The list of all plugins takes a second to make here and a minute inside. */
function prepareGstreamer(out: string): void {
  const registry = path.join(out, 'gstreamer-registry');
  spawnSync('gst-inspect-1.0', ['--version'], {
    stdio: 'ignore',
    env: { ...process.env, GST_REGISTRY: registry },
  });
}

class Run {
  constructor(
    private readonly clock: Clock,
    private readonly places: Places,
    private readonly kernel: Kernel,
    private readonly files: Pick<MachineOptions, 'initrd' | 'folder' | 'log' | 'nice'>,
    private readonly logLine: (line: string) => void,
  ) {}

  /** With KVM where it works: a machine that sends nothing is retried without. */
  async whole(): Promise<Outcome> {
    const report = mayUseKvm() ? await this.boot('kvm') : undefined;
    if (report) return { report, accelerator: 'kvm' };
    const emulated = await this.boot('tcg');
    if (!emulated) throw new Error('the VM did not start');
    return { report: emulated, accelerator: 'tcg' };
  }

  async shell(): Promise<number> {
    const machine = await QemuMachine.start(this.machine('tcg', true), () => {});
    const { how, said } = await machine.ended;
    if (how === 'broken') this.logLine(said);
    return how === 'broken' ? 1 : 0;
  }

  /** Undefined: it did not boot. */
  private async boot(accelerator: 'kvm' | 'tcg'): Promise<Report | undefined> {
    const startMs = this.clock.now();
    const report = new Report(this.logLine, () => this.clock.now() - startMs);
    let heard = false;
    let over: 'no' | 'frozen' | 'done' = 'no';
    const onWord = (word: Word): void => {
      heard = true;
      if (word.kind === 'phase') limit.set(word.limitS * PATIENCE[accelerator]);
      if (word.kind === 'frozen') limit.set(word.withinS * PATIENCE[accelerator]);
      // A guest that still sends `done` after the freeze was not reset: not a valid end.
      if (word.kind === 'frozen' || (word.kind === 'done' && over === 'no')) over = word.kind;
      report.take(word);
    };
    const machine = await QemuMachine.start(this.machine(accelerator, false), onWord);
    const limit = new Limit(this.clock, () => machine.kill());
    limit.set(BOOT_S[accelerator]);
    const ended = await machine.ended;
    limit.clear();
    if (!heard && accelerator === 'kvm') return undefined;
    this.judge(report, ended, over);
    return report;
  }

  private judge(report: Report, { how, said }: Ended, over: 'no' | 'frozen' | 'done'): void {
    const log = path.relative(this.places.root, this.files.log);
    if (over === 'frozen') {
      const bitten = how === 'off' && readFileSync(this.files.log, 'utf8').includes(BITE);
      report.take({
        kind: 'step',
        number: report.steps.length + 1,
        what: 'the watchdog resets the machine when firmware is frozen',
        ok: bitten,
        ms: 0,
        seen: bitten ? 'it did' : 'it did not in time',
      });
    } else if (how === 'killed')
      report.troubles.push(`${report.phaseName} took too long; what the VM said is in ${log}`);
    else if (how === 'broken') report.troubles.push(`QEMU failed: ${said}`);
    else if (over === 'no')
      report.troubles.push(`the VM went off in the middle of ${report.phaseName}; see ${log}`);
    report.finish();
  }

  private machine(accelerator: 'kvm' | 'tcg', shell: boolean): MachineOptions {
    return {
      vmlinux: this.kernel.vmlinux,
      ...this.files,
      shell,
      accelerator,
    };
  }
}

interface Outcome {
  readonly report: Report;
  readonly accelerator: 'kvm' | 'tcg';
}

/** Writes the files, prints the result, returns the exit code. */
function conclude(
  { out }: Places,
  { version }: Kernel,
  outcomes: readonly Outcome[],
  logLine: (line: string) => void,
): number {
  const accelerator = outcomes.some((one) => one.accelerator === 'tcg') ? 'tcg' : 'kvm';
  const reports = outcomes.map(({ report }) => report);
  const parts = reports.map((report) => report.results(version, accelerator));
  const results: Results = {
    kernel: version,
    accelerator,
    phases: parts.flatMap(({ phases }) => phases),
    steps: parts.flatMap(({ steps }) => steps),
    testResults: parts.flatMap(({ testResults }) => testResults),
  };
  writeJson(path.join(out, 'results.json'), results);
  const figures = reports.flatMap((report) => report.figures);
  if (figures.length > 0) writeJson(path.join(out, 'io.json'), ioFigures(figures, results));
  for (const trouble of reports.flatMap((report) => report.troubles)) logLine(`FAIL  ${trouble}`);
  const count = (state: string): number =>
    reports.flatMap(({ tests }) => tests).filter((test) => test.state === state).length;
  const failures = reports.reduce((sum, report) => sum + report.failures, 0);
  const steps = results.steps.length > 0 ? `, ${results.steps.length} steps of the robot` : '';
  logLine(
    `${count('pass')} passed, ${count('fail')} failed, ${count('skip')} skipped${steps}: ` +
      (failures === 0 ? 'all well' : `${failures} went wrong`) +
      (accelerator === 'tcg' ? ' (emulated: there is no usable KVM)' : ''),
  );
  return failures === 0 ? 0 : 1;
}

/** One deadline at a time. */
class Limit {
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly act: () => void,
  ) {}

  set(seconds: number): void {
    this.clear();
    this.timer = this.clock.after(seconds * 1000, this.act);
  }

  clear(): void {
    this.timer?.cancel();
  }
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
