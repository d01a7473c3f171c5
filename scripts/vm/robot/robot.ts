/** The robot's processes as deployed: the shipped bundles, their files, their signals. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { WebSocketServer } from 'ws';
import { SimBroker } from '../../../agent/host/broker.ts';
import { mallocEnvironment } from '../../../agent/host/spawn.ts';
import { referenceCalibration } from '../../../sim/world/geometry.ts';
import { boardFile } from '../guest/board.ts';
import { expectEnv } from '../guest/inside.ts';
import { slowness } from '../guest/slow-clock.ts';
import type { Seen } from './plant.ts';

export const ROBOT = 'vm-1';

/**
 * Real-time priority as in the service unit. With one processor instead of the robot's four, its
 * threads get short time slices (guest/inside.sh): otherwise a JIT compiler thread would delay the
 * control loop and the bus until it is done.
 */
const AHEAD = ['chrt', slowness() > 1 ? '--rr' : '--fifo', '50'];

interface Addresses {
  /** Includes the robot's password. */
  readonly broker: string;
  readonly brokerForPupils: string;
}

export class Robot {
  readonly admin: string;
  seen: Seen | undefined;
  private readonly log: WriteStream;
  private readonly firmware: ChildProcess;
  private agent: ChildProcess;
  private readonly plant: ChildProcess;
  /** Exit statuses of processes that ended unexpectedly. */
  readonly deaths: string[] = [];

  constructor(
    private readonly folder: string,
    addresses: Addresses,
  ) {
    mkdirSync(folder, { recursive: true });
    this.admin = path.join(folder, 'admin.sock');
    this.log = createWriteStream('/dev/console');
    const root = expectEnv('VM_ROOT');
    const calibration = this.write('calibration.json', JSON.stringify(referenceCalibration));
    const common = {
      board: this.write('board.json', boardFile()),
      drivers: path.join(root, 'dist/vm/guest/drivers.mjs'),
      logLevel: 'info',
    };
    const link = path.join(folder, 'link.sock');
    const media = path.join(folder, 'media.sock');
    this.write('firmware.json', JSON.stringify({ ...common, link, calibration }));
    this.write('media.json', JSON.stringify({ ...common, socket: media }));
    const agent = {
      ...{ ...addresses, robot: ROBOT, link, media, admin: this.admin, logLevel: 'info' },
      page: 'https://pupil.invalid/',
      data: path.join(folder, 'data'),
    };
    this.write('agent.json', JSON.stringify(agent));
    this.plant = fork(path.join(root, 'dist/vm/guest/plant.mjs'), { execArgv: [] });
    this.plant.on('message', (seen: Seen) => {
      this.seen = seen;
    });
    this.plant.once('exit', (code) => this.deaths.push(`plant: exit code ${code}`));
    this.firmware = this.start('firmware');
    this.start('media');
    this.agent = this.start('agent');
  }

  freezeFirmware(): void {
    this.firmware.kill('SIGSTOP');
  }

  killAgent(): void {
    this.agent.removeAllListeners('exit');
    this.agent.kill('SIGKILL');
  }

  startAgent(): void {
    this.agent = this.start('agent');
  }

  private start(name: 'firmware' | 'media' | 'agent'): ChildProcess {
    const script = path.join(expectEnv('VM_ROOT'), `dist/${name}.js`);
    const words = [
      ...(name === 'firmware' ? AHEAD : []),
      process.execPath,
      ...[script, '--config', path.join(this.folder, `${name}.json`)],
    ];
    const [command = '', ...args] = words;
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(name !== 'firmware' && mallocEnvironment) },
    });
    for (const stream of [child.stdout, child.stderr]) stream.pipe(this.log, { end: false });
    child.once('exit', (code, signal) =>
      this.deaths.push(`${name}: ${signal ?? `exit code ${code}`}`),
    );
    return child;
  }

  private write(name: string, text: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }
}

interface Brokerage {
  readonly broker: SimBroker;
  readonly addresses: Addresses;
}

/** The fleet's broker inside the VM: the simulator's, on two ports of the loopback interface. */
export async function openBroker(robot: string): Promise<Brokerage> {
  const broker = new SimBroker(robot);
  const port = await broker.start(0);
  const pages = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' });
  const server = createServer();
  server.on('upgrade', (request, socket, head) =>
    pages.handleUpgrade(request, socket, head, (page) => broker.takePage(page)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const pagePort = typeof address === 'object' && address ? address.port : 0;
  const addresses = {
    broker: broker.url(port),
    brokerForPupils: `ws://127.0.0.1:${pagePort}/mqtt`,
  };
  return { broker, addresses };
}
