import type { Board } from '../../../../hal/boards/board.ts';
import { type Check, type Finding, ok, problem, warning } from '../check.ts';
import type { Machine } from '../machine.ts';

/** The users of the two services, as the package makes them. */
const FIRMWARE = 'deskmate-firmware';
const AGENT = 'deskmate-agent';
/** Groups by which the body could be reached: never the agent's. */
const BODY_GROUPS = ['i2c', 'gpio'];

export const permissions: Check = {
  name: 'permissions',
  withinMs: 4_000,
  async run(machine, { board }) {
    const you = ok('permissionsUser', { user: machine.user.name });
    if (!board) return [you];
    const [firmware, agent] = await Promise.all([
      groupsOf(machine, FIRMWARE),
      groupsOf(machine, AGENT),
    ]);
    // Not installed here (a laptop at a desk, a developer's machine): nothing to compare with.
    if (!firmware && !agent) return [you];
    const body = await devicesOf(machine, board);
    const media = await mediaDevices(machine);
    return [
      you,
      ...(firmware ? await ofUser(machine, FIRMWARE, firmware, body) : [missing(FIRMWARE)]),
      ...(agent ? await ofUser(machine, AGENT, agent, media) : [missing(AGENT)]),
      ...(agent ?? [])
        .filter((group) => BODY_GROUPS.includes(group))
        .map((group) => problem('permissionsTooMuch', { user: AGENT, group })),
    ];
  },
};

const missing = (user: string): Finding => warning('permissionsNoUser', { user });

async function groupsOf(machine: Machine, user: string): Promise<string[] | undefined> {
  const { code, out } = await machine.run('id', '-nG', user);
  return code === 0 ? out.trim().split(/\s+/) : undefined;
}

async function devicesOf(machine: Machine, { i2c, gpio }: Board): Promise<string[]> {
  const chips = (await machine.list('/dev')).filter((name) => /^gpiochip\d+$/.test(name));
  return [
    ...(i2c ? [`/dev/i2c-${i2c.bus}`] : []),
    ...(gpio ? chips.slice(0, 1).map((name) => `/dev/${name}`) : []),
  ];
}

async function mediaDevices(machine: Machine): Promise<string[]> {
  const [video] = (await machine.list('/dev')).filter((name) => /^video\d+$/.test(name));
  const [pcm] = (await machine.list('/dev/snd')).filter((name) => name.startsWith('pcm'));
  return [...(video ? [`/dev/${video}`] : []), ...(pcm ? [`/dev/snd/${pcm}`] : [])];
}

async function ofUser(
  machine: Machine,
  user: string,
  groups: readonly string[],
  devices: readonly string[],
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const device of devices) {
    const group = await machine.group(device);
    if (!group) continue;
    if (group.name === 'root' || !group.readWrite)
      found.push(problem('permissionsClosed', { user, device }));
    else if (!groups.includes(group.name))
      found.push(problem('permissionsLacks', { user, group: group.name, device }));
  }
  return found.length > 0 ? found : [ok('permissionsOk', { user, groups: groups.join(', ') })];
}
