import { expect, it } from 'vitest';
import { deskmate1 } from '../../../../hal/boards/deskmate1.ts';
import {
  type ModemState,
  type NetworkState,
  type PrimaryConnection,
  unknownNetwork,
  type WifiState,
} from '../../../../hal/ports/network.ts';
import { sentence } from '../tell.ts';
import { FakeMachine, type Given } from '../testing/fake-machine.ts';
import { agentConfig, runningRobot, subject } from '../testing/subjects.ts';
import { onLaptop, table } from '../testing/table.ts';
import { clock } from './clock.ts';
import { computer } from './computer.ts';
import { disk } from './disk.ts';
import { network } from './network.ts';
import { node } from './node.ts';
import { permissions } from './permissions.ts';
import { ofRadio } from './radio.ts';
import { services } from './services.ts';

const route = {
  '/proc/net/route':
    'Iface\tDestination\tGateway\nwlan0\t00000000\t0102A8C0\t0003\nwlan0\t0002A8C0\t00000000\n',
};
const online: Given = { files: route, names: ['broker.example'] };
const DAY = 86_400_000;
const secure = (fromDays: number, toDays: number, distrust?: string): Given => {
  const now = new FakeMachine().wall();
  const [validFrom, validTo] = [now + fromDays * DAY, now + toDays * DAY];
  return { ...online, reached: { kind: 'secure', validFrom, validTo, distrust, issuer: 'CA' } };
};
const way = 'ok networkRoute';
const atHome = subject({
  agent: { kind: 'read', file: 'a', config: { ...agentConfig, broker: 'mqtt://127.0.0.1:1883' } },
});

const secured = 'ok networkSecure';
const weak = 'warning networkWifiWeak';
const wifi = (signalPercent: number): WifiState => ({
  ...{ ssid: 'Skolan', signalPercent, frequencyMhz: 5_240, enterprise: true },
});
const modem = (registration: ModemState['registration'], signalPercent: number): ModemState => ({
  ...{ registration, technology: '4g', signalPercent, operator: 'Telia' },
});
const by = (kind: PrimaryConnection['kind']): PrimaryConnection => ({
  ...{ kind, name: 'School', address: null, gateway: null },
});

it('tells of Wi-Fi and modem what people ask about', () => {
  const told = (state: Partial<NetworkState>) =>
    ofRadio({ ...unknownNetwork, ...state }).map((one) => sentence(one, 'sv').what);
  expect(told({ wifi: wifi(64), modem: modem('roaming', 48) })).toEqual([
    'Wifi Skolan: signal 64 %, 5 GHz, med inloggning (802.1X).',
    'Modem: Telia, 4G, signal 48 %, registrerat hos en utländsk operatör.',
  ]);
  const hidden = { ...wifi(64), ssid: '', enterprise: false };
  expect(
    [2_412, 5_955, 0].flatMap((mhz) => told({ wifi: { ...hidden, frequencyMhz: mhz } })),
  ).toEqual(
    ['2,4 GHz', '6 GHz', 'okänt band'].map(
      (band) => `Wifi (dolt namn): signal 64 %, ${band}, utan 802.1X.`,
    ),
  );
  expect(ofRadio(unknownNetwork)).toEqual([]);
});

table(network, [
  ['no way out', {}, ['problem networkNoRoute']],
  ['no way out, and none needed', { reached: { kind: 'open' } }, ['ok networkLocal'], atHome],
  ['an unknown name', { files: route }, [way, 'problem networkNoName']],
  ['a closed door', online, [way, 'problem networkClosed']],
  [
    'somebody else answers',
    { ...online, reached: { kind: 'noTls', why: 'wrong version' } },
    [way, 'problem networkPortal', 'problem networkNoTls'],
  ],
  [
    'a sign-in page',
    { ...secure(-1, 90), programs: { 'nmcli -t -f CONNECTIVITY general': 'portal\n' } },
    [way, 'problem networkPortal', 'ok networkSecure'],
  ],
  ['good', secure(-1, 90), [way, 'ok networkSecure']],
  ['ends soon', secure(-1, 5), [way, 'warning networkExpiring']],
  ['ended', secure(-9, -1), [way, 'problem networkExpired']],
  ['begins later', secure(2, 90), [way, 'problem networkEarly']],
  ['read along', secure(-1, 90, 'SELF_SIGNED_CERT_IN_CHAIN'), [way, 'problem networkDistrust']],
  [
    'IPv6 alone',
    {
      ...secure(-1, 90),
      files: {
        '/proc/net/ipv6_route': `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n`,
      },
    },
    [way, 'ok networkSecure'],
  ],
  [
    'the agent is not connected',
    secure(-1, 90),
    [way, 'ok networkSecure', 'problem networkAgentOffline'],
    runningRobot({ broker: false }),
  ],
  [
    'a sign-in page that NetworkManager tells of',
    { ...secure(-1, 90), network: { connectivity: 'portal' } },
    [way, 'problem networkPortal', secured],
  ],
  ['Wi-Fi', { ...secure(-1, 90), network: { wifi: wifi(64) } }, [way, 'ok networkWifi', secured]],
  ['weak Wi-Fi', { ...secure(-1, 90), network: { wifi: wifi(39) } }, [way, weak, secured]],
  [
    'weak Wi-Fi beside a cable',
    { ...secure(-1, 90), network: { primary: by('ethernet'), wifi: wifi(39) } },
    [way, 'ok networkWifi', secured],
  ],
  [
    'Wi-Fi that is joined and leads nowhere',
    { network: { wifi: wifi(10) } },
    ['problem networkNoRoute', weak],
  ],
  [
    'a modem',
    { ...secure(-1, 90), network: { primary: by('modem'), modem: modem('roaming', 48) } },
    [way, 'ok networkModem', secured],
  ],
  [
    'a modem with a weak signal',
    { ...secure(-1, 90), network: { primary: by('modem'), modem: modem('home', 12) } },
    [way, 'warning networkModemWeak', secured],
  ],
  [
    'a modem that the operator refuses',
    { network: { modem: modem('denied', 80) } },
    ['problem networkNoRoute', 'warning networkModemOut'],
  ],
  [
    'a modem that nobody needs',
    {
      ...secure(-1, 90),
      network: { primary: by('wifi'), wifi: wifi(64), modem: modem('idle', 0) },
    },
    [way, 'ok networkWifi', 'ok networkModemSpare', secured],
  ],
  ['no configuration', online, [way], subject({ agent: { kind: 'missing', file: 'a' } })],
]);

const CHRONY = 'chronyc -c tracking';
const chrony = (source: string, leap: string): string =>
  `${source},1763978000.1,0.00001,0.00002,0.00003,-1.2,0.0,0.1,0.01,0.02,64.2,${leap}\n`;
const SYNC = 'timedatectl show -p NTPSynchronized --value';
table(clock, [
  ['a clock that was never set', { wall: 0 }, ['problem clockWrong']],
  ['synchronised', { programs: { [SYNC]: 'yes\n' } }, ['ok clockOk']],
  ['not synchronised', { programs: { [SYNC]: 'no\n' } }, ['warning clockUnsynced']],
  ['nobody can tell', {}, ['warning clockUnknown']],
  ['timesyncd’s file', { files: { '/run/systemd/timesync/synchronized': '' } }, ['ok clockOk']],
  [
    'chrony follows a server',
    { programs: { [CHRONY]: chrony('C0A80101,x,3', 'Normal') } },
    ['ok clockOk'],
  ],
  [
    'chrony does not yet',
    { programs: { [CHRONY]: chrony('00000000,,0', 'Not synchronised') } },
    ['warning clockUnsynced'],
  ],
  [
    'chrony follows itself',
    { programs: { [CHRONY]: chrony('7F7F0101,,10', 'Normal') } },
    ['warning clockUnsynced'],
  ],
  [
    'off by chrony',
    { programs: { [SYNC]: 'yes', 'chronyc -c tracking': 'C0000207,x,2,1.0,-95.2,0.1,0.1' } },
    ['problem clockOff', 'ok clockOk'],
  ],
  [
    'right by timesyncd',
    { programs: { [SYNC]: 'yes', 'timedatectl timesync-status': '  Offset: +1.2ms\n' } },
    ['ok clockOk'],
  ],
  [
    'off by timesyncd',
    { programs: { [SYNC]: 'yes', 'timedatectl timesync-status': '  Offset: -2min\n' } },
    ['problem clockOff', 'ok clockOk'],
  ],
]);

table(disk, [
  ['room', {}, ['ok diskOk']],
  ['little room', { space: { freeBytes: 300e6 } }, ['warning diskLow']],
  ['no room', { space: { freeBytes: 1e6 } }, ['problem diskFull']],
  ['read-only', { space: { readOnly: true } }, ['problem diskReadOnly', 'ok diskOk']],
  ['no inodes', { space: { freeInodes: 1 } }, ['problem diskInodes', 'ok diskOk']],
  ['a file system without inodes', { space: { freeInodes: 0, totalInodes: 0 } }, ['ok diskOk']],
]);

const groups = { '/dev/i2c-1': 'i2c', '/dev/gpiochip0': 'gpio', '/dev/video0': 'video' };
const devices = { '/dev/i2c-1': '', '/dev/gpiochip0': '', '/dev/video0': '' };
const users = (firmware: string, media: string, agent = 'a'): Given => ({
  files: devices,
  groups,
  programs: {
    'id -nG deskmate-firmware': firmware,
    'id -nG deskmate-media': media,
    'id -nG deskmate-agent': agent,
  },
});
const you = 'ok permissionsUser';
const fine = 'ok permissionsOk';
const tooMuch = 'problem permissionsTooMuch';
table(permissions, [
  ['not installed', { files: devices }, [you]],
  ['right', users('f i2c gpio', 'm video'), [you, fine, fine, fine]],
  [
    'a device that udev did not touch',
    { ...users('f i2c gpio', 'm video'), groups: { ...groups, '/dev/i2c-1': 'root' } },
    [you, 'problem permissionsClosed', fine, fine],
  ],
  ['firmware lacks', users('f i2c', 'm video'), [you, 'problem permissionsLacks', fine, fine]],
  ['media lacks', users('f i2c gpio', 'm'), [you, fine, 'problem permissionsLacks', fine]],
  [
    'the agent reaches the body',
    users('f i2c gpio', 'm video', 'a gpio'),
    [you, fine, fine, fine, tooMuch],
  ],
  [
    'the agent reaches the camera',
    users('f i2c gpio', 'm video', 'a video'),
    [you, fine, fine, fine, tooMuch],
  ],
  [
    'media reaches body and firmware',
    users('f i2c gpio', 'm video gpio deskmate'),
    [you, fine, fine, fine, tooMuch, tooMuch],
  ],
  [
    'one user is gone',
    {
      ...{ files: devices, groups },
      programs: { 'id -nG deskmate-media': 'video', 'id -nG deskmate-agent': 'a' },
    },
    [you, 'warning permissionsNoUser', fine, fine],
  ],
]);

const zone = (celsius: number, type = 'cpu-thermal', number = 0) => ({
  [`/sys/class/thermal/thermal_zone${number}/temp`]: `${celsius * 1000}\n`,
  [`/sys/class/thermal/thermal_zone${number}/type`]: `${type}\n`,
});
const named = subject({
  board: { ...deskmate1, kernel: { ...deskmate1.kernel, thermalZone: 'soc' } },
});
const battery = (properties: Readonly<Record<string, string | number>>, name = 'BAT0') => {
  const entries = Object.entries({ type: 'Battery', ...properties });
  return Object.fromEntries(
    entries.map(([key, value]) => [`/sys/class/power_supply/${name}/${key}`, `${value}\n`]),
  );
};
const memory = (mb: number) => ({
  '/proc/meminfo': `MemTotal: 1 kB\nMemAvailable:   ${mb * 1024} kB\n`,
});
const THROTTLED = 'vcgencmd get_throttled';
table(computer, [
  ['nothing can be seen', {}, []],
  ['well', { files: { ...zone(50), ...memory(400) } }, ['ok memoryOk', 'ok heatOk']],
  [
    'warm and tight',
    { files: { ...zone(77), ...memory(60) } },
    ['warning memoryLow', 'warning heatWarm'],
  ],
  ['hot', { files: zone(84) }, ['problem heatHot']],
  ['a zone that talks nonsense', { files: zone(-273) }, ['problem kernelTrouble']],
  [
    'the processor, as firmware reads it, not the constant before it and not the radio',
    {
      files: {
        ...zone(20, 'INT3400 Thermal', 0),
        ...zone(95, 'iwlwifi_1', 1),
        ...zone(60, 'x86_pkg_temp', 2),
      },
    },
    ['ok heatOk'],
  ],
  [
    'a zone that the board names and nobody has',
    { files: zone(60) },
    ['problem heatMissing'],
    named,
  ],
  ['a battery', { files: battery({ status: 'Full', capacity: 106 }) }, ['ok batteryOk']],
  [
    'an empty bay and a battery',
    {
      files: {
        ...battery({ status: 'Unknown', present: 0 }),
        ...battery({ status: 'Full', capacity: 55 }, 'BAT1'),
      },
    },
    ['ok batteryOk'],
  ],
  ['an empty bay', { files: battery({ status: 'Unknown', present: 0 }) }, []],
  [
    'a gauge that is broken',
    { files: battery({ status: 'Full', capacity: 255 }) },
    ['problem kernelTrouble'],
  ],
  [
    'a battery that the board names and nobody has',
    { files: battery({ status: 'Full', capacity: 55 }, 'BAT1') },
    ['problem batteryMissing'],
    subject({ board: { ...deskmate1, kernel: { ...deskmate1.kernel, battery: 'BAT0' } } }),
  ],
  [
    'volts that cannot be, where the board counts cells',
    { files: battery({ status: 'Full', capacity: 98, voltage_now: 53_744 }) },
    ['warning batteryNoVolts'],
    subject({ board: { ...deskmate1, kernel: { ...deskmate1.kernel, batteryCells: 1 } } }),
  ],
  [
    'a weak supply',
    { programs: { [THROTTLED]: 'throttled=0x50005\n' } },
    ['problem powerLow', 'warning throttled'],
  ],
  [
    'a supply that was weak',
    { programs: { [THROTTLED]: 'throttled=0x50000\n' } },
    ['warning powerWasLow'],
  ],
  ['a good supply', { programs: { [THROTTLED]: 'throttled=0x0\n' } }, []],
]);

const unit = (name: string) => `systemctl show -p LoadState,ActiveState --value ${name}.service`;
const states = (firmware: string, agent: string, media = firmware): Given => ({
  programs: {
    [unit('deskmate-firmware')]: firmware,
    [unit('deskmate-media')]: media,
    [unit('deskmate-agent')]: agent,
  },
});
const silent = 'warning agentSilent';
table(services, [
  ['no systemd', {}, ['notExamined servicesUnknown', silent]],
  [
    'well',
    states('loaded\nactive\n', 'loaded\nactive\n'),
    ['ok servicesOk', 'ok agentAnswers'],
    runningRobot(),
  ],
  [
    'failed and stopped',
    states('loaded\nfailed\n', 'loaded\ninactive\n', 'loaded\nactive\n'),
    ['problem serviceFailed', 'problem serviceStopped', silent],
  ],
  [
    'media failed',
    states('loaded\nactive\n', 'loaded\nactive\n', 'loaded\nfailed\n'),
    ['problem serviceFailed', silent],
  ],
  [
    'starting',
    states('loaded\nactivating\n', 'loaded\nactive\n', 'loaded\nactive\n'),
    ['warning serviceStarting', silent],
  ],
  [
    'not installed',
    states('not-found\ninactive\n', 'not-found\ninactive\n'),
    [...Array(3).fill('warning serviceNotInstalled'), silent],
  ],
]);

table(node, [
  ['well', {}, ['ok nodeOk', 'ok addOnOk', 'ok addOnOk', 'ok addOnOk']],
  ['old', { nodeVersion: '20.9.0' }, ['problem nodeOld', 'ok addOnOk'], onLaptop],
  [
    'one way to GPIO is enough',
    { broken: { 'node-libgpiod': 'no' } },
    ['ok nodeOk', 'ok addOnOk', 'ok addOnOk', 'ok addOnOk'],
  ],
  [
    'none is not',
    { broken: { 'node-libgpiod': 'no', onoff: 'no' } },
    ['ok nodeOk', 'ok addOnOk', 'ok addOnOk', 'problem addOnMissing'],
  ],
]);
