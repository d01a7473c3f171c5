/** Kernel modules for the VM: Debian's, and those built here from Debian's kernel source. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Module {
  readonly name: string;
  readonly file: string;
  readonly parameters: string;
}

const SOURCES = [
  'drivers/gpio/gpio-sim.c',
  'drivers/gpio/gpiolib.h',
  'kernel/irq/irq_sim.c',
  'drivers/power/supply/test_power.c',
];
const KBUILD = `obj-m := gpio-sim.o test_power.o
gpio-sim-y := gpio_sim.o irq_sim.o
`;
const BUILT = ['gpio-sim', 'test_power'];

/** Loaded at boot, in this order, after what they depend on. */
const WANTED: readonly (readonly [name: string, parameters: string])[] = [
  ['virtio_pci', ''],
  ['virtio_console', ''],
  ['9pnet_virtio', ''],
  ['9p', ''],
  ['overlay', ''],
  ['dummy', 'numdummies=0'],
  ['configfs', ''],
  ['i2c-dev', ''],
  ['i2c-stub', 'chip_addr=0x36,0x40,0x41,0x42,0x72,0x73'],
  // One webcam (bit 0 of node_types: capture), nothing else.
  ['vivid', 'n_devs=1 node_types=0x1 num_inputs=1 input_types=0'],
  ['snd-aloop', 'pcm_substreams=2'],
  // In the suites it does not reset the VM; for the robot it is reloaded so that it does.
  ['softdog', 'soft_margin=1 soft_noboot=1'],
];

/** In load order, each once. */
export function modulesOf(folder: string, built: readonly Module[]): Module[] {
  const dependencies = readDependencies(readFileSync(path.join(folder, 'modules.dep'), 'utf8'));
  const modules = new Map<string, Module>();
  for (const [name, parameters] of WANTED) {
    const files = dependencies.get(moduleName(name));
    if (!files) throw new Error(`the kernel in ${folder} has no module ${name}`);
    for (const file of files) {
      const own = moduleName(path.basename(file));
      if (!modules.has(own))
        modules.set(own, {
          name: own,
          file: path.join(folder, file),
          parameters: own === moduleName(name) ? parameters : '',
        });
    }
  }
  return [...modules.values(), ...built];
}

/** modules.dep: a module's file, then what it needs, the last to be loaded first. */
export function readDependencies(text: string): Map<string, string[]> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line.includes(':'))
      .map((line) => {
        const [file = '', rest = ''] = line.split(':');
        return [
          moduleName(path.basename(file)),
          [...rest.split(' ').filter(Boolean).reverse(), file],
        ];
      }),
  );
}

const moduleName = (name: string): string =>
  name.replace(/\.ko(\.xz|\.zst|\.gz)?$/, '').replaceAll('-', '_');

/** gpio-sim and test_power, built out of tree once a kernel version. */
export function buildModules(version: string, cache: string): Module[] {
  const folder = path.join(cache, `modules-${version}`);
  if (!BUILT.every((name) => existsSync(path.join(folder, `${name}.ko`)))) build(version, folder);
  return BUILT.map((name) => ({
    name: moduleName(name),
    file: path.join(folder, `${name}.ko`),
    parameters: '',
  }));
}

function build(version: string, folder: string): void {
  const work = `${folder}.new`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const { archive, top } = sourceOf(version);
  // Over 130 MB of archive; tar ends as soon as all are found.
  const members = SOURCES.map((file) => `${top}/${file}`);
  run('tar', ['-C', work, '--occurrence=1', '-xf', archive, ...members]);
  for (const file of SOURCES) {
    const name = path.basename(file);
    // Two files make gpio-sim, so the module's own file cannot have its name.
    renameSync(
      path.join(work, top, file),
      path.join(work, name.replace('gpio-sim.c', 'gpio_sim.c')),
    );
  }
  const irq = path.join(work, 'irq_sim.c');
  // irq_to_desc is not exported to modules; this gets the same descriptor by exported functions.
  const source = readFileSync(irq, 'utf8').replace(
    /irq_to_desc\((\w+)\)/g,
    'irq_data_to_desc(irq_get_irq_data($1))',
  );
  writeFileSync(irq, source);
  writeFileSync(path.join(work, 'Kbuild'), KBUILD);
  run('make', ['-s', '-C', `/lib/modules/${version}/build`, `M=${work}`, 'modules']);
  for (const name of BUILT) run('strip', ['--strip-debug', path.join(work, `${name}.ko`)]);
  rmSync(folder, { recursive: true, force: true });
  renameSync(work, folder);
}

/** Debian's package of a kernel's source, for `6.1.0-30-amd64`: linux-source-6.1. */
export function sourceOf(version: string): { package: string; archive: string; top: string } {
  const top = `linux-source-${version.split('.').slice(0, 2).join('.')}`;
  return { package: top, archive: `/usr/src/${top}.tar.xz`, top };
}

function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} failed: ${error ?? `${stdout}${stderr}`.trim()}`);
}
