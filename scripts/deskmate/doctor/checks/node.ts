import type { Board } from '../../../../hal/boards/board.ts';
import manifest from '../../../../package.json' with { type: 'json' };
import { type Check, type Finding, ok, problem } from '../check.ts';
import type { HostProbe } from '../host-probe.ts';

export const node: Check = {
  name: 'node',
  withinMs: 45_000,
  async run(machine, { board }) {
    const { version } = machine.node;
    const wanted = manifest.engines.node.replace('>=', '');
    const found: Finding[] = [
      isOlder(version, wanted)
        ? problem('nodeOld', { version, wanted })
        : ok('nodeOk', { version }),
    ];
    const loads = await Promise.all(addOnsOf(board).map((names) => firstThatLoads(machine, names)));
    return [...found, ...loads];
  },
};

/** Packages with native code; of several alternatives, one is enough. */
function addOnsOf(board: Board | undefined): string[][] {
  const gpio = {
    auto: ['node-libgpiod', 'onoff'],
    characterDevice: ['node-libgpiod'],
    sysfs: ['onoff'],
  } as const;
  return [
    ['@roamhq/wrtc'],
    ...(board?.i2c ? [['i2c-bus']] : []),
    ...(board?.gpio ? [[...gpio[board.gpio.driver]]] : []),
  ];
}

async function firstThatLoads(machine: HostProbe, names: readonly string[]): Promise<Finding> {
  let why = '';
  for (const name of names) {
    const trouble = await machine.loads(name);
    if (trouble === undefined) return ok('addOnOk', { name });
    why ||= trouble;
  }
  return problem('addOnMissing', { name: names.join(' / '), why });
}

function isOlder(version: string, wanted: string): boolean {
  const numbers = (text: string): number[] => text.split('.').map(Number);
  const [[major = 0, minor = 0], [needMajor = 0, needMinor = 0]] = [
    numbers(version),
    numbers(wanted),
  ];
  return major < needMajor || (major === needMajor && minor < needMinor);
}
