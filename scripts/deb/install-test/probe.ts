import type { Guest } from './guest.ts';

/** What a process in a unit's place could do. Device files: what opening them said. */
interface Freedom {
  readonly user: string;
  readonly policy: string;
  readonly writes: Readonly<Record<string, string>>;
  readonly devices: Readonly<Record<string, string>>;
  /** The folder of the link put aside (and back). */
  readonly movesLink: string;
  readonly internet: string;
  readonly becomesRoot: string;
  /** Mount points below /sys that are not read-only. */
  readonly writableSysfs: readonly string[];
}

/** Major and minor numbers of the kernel's devices.txt; without hardware an open says ENXIO. */
const DEVICES: Readonly<Record<string, string>> = {
  '/dev/i2c-9': '89 9',
  '/dev/watchdog': '10 130',
  '/dev/video9': '81 9',
  '/dev/snd-seq': '116 1',
  '/dev/mem': '1 1',
};

/** Where firmware's socket is. */
const LINK = '/run/deskmate/link';

const WRITES = [
  '/usr/lib/deskmate',
  '/etc/deskmate',
  '/root',
  '/home',
  '/run/deskmate',
  LINK,
  '/var/lib/deskmate/firmware',
  '/var/lib/deskmate/agent',
];

const script = `
const fs = require('node:fs'), net = require('node:net'), cp = require('node:child_process');
const tried = (act) => { try { act(); return 'yes'; } catch (error) { return error.code ?? String(error); } };
const each = (list, act) => Object.fromEntries(list.map((one) => [one, tried(() => act(one))]));
const said = {
  user: cp.execFileSync('id', ['-un']).toString().trim(),
  policy: cp.execFileSync('chrt', ['-p', String(process.pid)]).toString(),
  writes: each(${JSON.stringify(WRITES)}, (place) => { fs.writeFileSync(place + '/probe', ''); fs.rmSync(place + '/probe'); }),
  devices: each(${JSON.stringify(Object.keys(DEVICES))}, (file) => fs.openSync(file, 'r+')),
  movesLink: tried(() => { fs.renameSync('${LINK}', '${LINK}-aside'); fs.renameSync('${LINK}-aside', '${LINK}'); }),
  writableSysfs: fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\\n')
    .map((line) => line.split(' '))
    .filter(([, , , , place = '', options = '']) => place.startsWith('/sys') && options.split(',').includes('rw'))
    .map(([, , , , place]) => place),
  becomesRoot: tried(() => process.setuid(0)),
};
const server = net.createServer();
server.on('error', (error) => { said.internet = error.code; end(); });
server.listen(0, '127.0.0.1', () => { said.internet = 'yes'; server.close(); end(); });
const end = () => fs.writeSync(1, 'PROBE ' + JSON.stringify(said) + '\\n');
`;

/** Runs a probe in the very sandbox of a unit: its file, with another program. */
export async function probe(guest: Guest, unit: string): Promise<Freedom> {
  const name = `probe-${unit}`;
  for (const [file, numbers] of Object.entries(DEVICES))
    await guest.must(`[ -e ${file} ] || { mknod ${file} c ${numbers} && chmod 666 ${file}; }`);
  await guest.write('/opt/probe.cjs', script);
  await guest.must(
    `cp /usr/lib/systemd/system/${unit}.service /etc/systemd/system/${name}.service`,
  );
  await guest.must(`mkdir -p /etc/systemd/system/${name}.service.d`);
  await guest.write(
    `/etc/systemd/system/${name}.service.d/probe.conf`,
    '[Service]\nType=oneshot\nRestart=no\nExecStart=\nExecStart=/usr/lib/deskmate/bin/node /opt/probe.cjs',
  );
  await guest.must(`systemctl daemon-reload && systemctl start ${name}`);
  const said = await guest.must(`journalctl --sync; journalctl -u ${name} -o cat --no-pager`);
  await guest.must(
    `rm -r /etc/systemd/system/${name}.service* /opt/probe.cjs && systemctl daemon-reload`,
  );
  const line = said.split('\n').find((one) => one.startsWith('PROBE '));
  if (!line) throw new Error(`${name} said nothing: ${said}`);
  return JSON.parse(line.slice('PROBE '.length));
}
