import type { Board } from '../../../../hal/boards/board.ts';
import { type Check, type Finding, ok, problem, warning } from '../check.ts';
import type { HostProbe } from '../host-probe.ts';

/** The users of the services, as the package creates them. */
const FIRMWARE = 'deskmate-firmware';
const AGENT = 'deskmate-agent';
const MEDIA = 'deskmate-media';
/** The user with the keys has no access to body or camera; media's, none to body or firmware. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  [AGENT]: ['i2c', 'gpio', 'video', 'audio'],
  [MEDIA]: ['i2c', 'gpio', 'deskmate'],
};

export const permissions: Check = {
  name: 'permissions',
  withinMs: 4_000,
  async run(machine, { board }) {
    const you = ok('permissionsUser', { user: machine.user.name });
    if (!board) return [you];
    const reach = [
      { user: FIRMWARE, devices: await devicesOf(machine, board) },
      { user: MEDIA, devices: await mediaDevices(machine) },
      { user: AGENT, devices: [] },
    ];
    const users = await Promise.all(
      reach.map(async (one) => ({ ...one, groups: await groupsOf(machine, one.user) })),
    );
    // Not installed here (a station, a developer's machine): nothing to compare with.
    if (users.every(({ groups }) => !groups)) return [you];
    const found = await Promise.all(
      users.map(({ user, groups, devices }) =>
        groups ? ofUser(machine, user, groups, devices) : [missing(user)],
      ),
    );
    return [you, ...found.flat(), ...users.flatMap(tooMuch)];
  },
};

const tooMuch = ({ user, groups = [] }: { user: string; groups?: string[] | undefined }) =>
  groups
    .filter((group) => FORBIDDEN[user]?.includes(group))
    .map((group) => problem('permissionsTooMuch', { user, group }));

const missing = (user: string): Finding => warning('permissionsNoUser', { user });

async function groupsOf(machine: HostProbe, user: string): Promise<string[] | undefined> {
  const { code, out } = await machine.run('id', '-nG', user);
  return code === 0 ? out.trim().split(/\s+/) : undefined;
}

async function devicesOf(machine: HostProbe, { i2c, gpio }: Board): Promise<string[]> {
  const chips = (await machine.list('/dev')).filter((name) => /^gpiochip\d+$/.test(name));
  return [
    ...(i2c ? [`/dev/i2c-${i2c.bus}`] : []),
    ...(gpio ? chips.slice(0, 1).map((name) => `/dev/${name}`) : []),
  ];
}

async function mediaDevices(machine: HostProbe): Promise<string[]> {
  const [video] = (await machine.list('/dev')).filter((name) => /^video\d+$/.test(name));
  const [pcm] = (await machine.list('/dev/snd')).filter((name) => name.startsWith('pcm'));
  return [...(video ? [`/dev/${video}`] : []), ...(pcm ? [`/dev/snd/${pcm}`] : [])];
}

async function ofUser(
  machine: HostProbe,
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
