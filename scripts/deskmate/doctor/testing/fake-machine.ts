import type { AgentStatus } from '../../../../agent/access/admin-client.ts';
import type { I2cBus } from '../../../../hal/bus/i2c.ts';
import { HardwareFault, type HardwareFaultKind } from '../../../../hal/ports/fault.ts';
import { type NetworkState, unknownNetwork } from '../../../../hal/ports/network.ts';
import type { Holder, HostProbe, Ran, Reached, Space, Target, Text } from '../host-probe.ts';

/** The properties that a test gives its computer; everything else is absent. */
export interface Given {
  readonly files?: Readonly<Record<string, string>>;
  /** Files and devices that are there and may not be opened. */
  readonly denied?: readonly string[];
  /** Output of programs by their command line. */
  readonly programs?: Readonly<Record<string, string | number>>;
  readonly holders?: Readonly<Record<string, readonly Holder[]>>;
  readonly groups?: Readonly<Record<string, string>>;
  readonly space?: Partial<Space>;
  readonly names?: readonly string[];
  readonly network?: Partial<NetworkState>;
  readonly reached?: Reached;
  readonly broken?: Readonly<Record<string, string>>;
  /** Chips on the bus by address; a fault is how it answers. */
  readonly chips?: Readonly<Record<number, HardwareFaultKind | 'well'>>;
  /** Labels of GPIO chips whose device may be asked. */
  readonly gpioLabels?: Readonly<Record<string, string>>;
  readonly agent?: AgentStatus;
  readonly wall?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeVersion?: string;
}

const ROOMY: Space = {
  freeBytes: 8e9,
  totalBytes: 16e9,
  freeInodes: 900,
  totalInodes: 1000,
  readOnly: false,
  mount: '/data',
};

export class FakeMachine implements HostProbe {
  readonly node;
  readonly user = { name: 'anna', root: false };
  readonly env;
  /** What was asked of the bus: address and register. */
  readonly probed: [number, number][] = [];

  constructor(private readonly given: Given = {}) {
    this.node = { version: given.nodeVersion ?? '24.1.0', arch: 'arm64' };
    this.env = given.env ?? {};
  }

  wall(): number {
    return this.given.wall ?? Date.UTC(2026, 9, 5, 8);
  }

  async read(path: string): Promise<Text> {
    if (this.given.denied?.includes(path)) return { ok: false, code: 'EACCES' };
    const text = this.given.files?.[path];
    return text === undefined ? { ok: false, code: 'ENOENT' } : { ok: true, text };
  }

  async list(path: string): Promise<readonly string[]> {
    const all = [...Object.keys(this.given.files ?? {}), ...(this.given.denied ?? [])];
    const below = all.filter((file) => file.startsWith(`${path}/`));
    return [...new Set(below.map((file) => file.slice(path.length + 1).split('/', 1)[0] ?? ''))];
  }

  async may(path: string): Promise<'yes' | 'no' | 'missing'> {
    if (this.given.denied?.includes(path)) return 'no';
    return this.given.files?.[path] === undefined ? 'missing' : 'yes';
  }

  async group(path: string) {
    const name = this.given.groups?.[path];
    return name === undefined ? undefined : { name, readWrite: true };
  }

  async run(...words: string[]): Promise<Ran> {
    const said = this.given.programs?.[words.join(' ')];
    if (typeof said === 'number') return { code: said, out: '' };
    return said === undefined ? { code: null, out: '' } : { code: 0, out: said };
  }

  async holders(path: string): Promise<readonly Holder[]> {
    return this.given.holders?.[path] ?? [];
  }

  async space(): Promise<Space | undefined> {
    return { ...ROOMY, ...this.given.space };
  }

  async addresses(host: string): Promise<readonly string[]> {
    return this.given.names?.includes(host) ? ['192.0.2.7'] : [];
  }

  async network(): Promise<NetworkState> {
    return { ...unknownNetwork, ...this.given.network };
  }

  async reach(_target: Target): Promise<Reached> {
    return this.given.reached ?? { kind: 'closed', why: 'ECONNREFUSED' };
  }

  async loads(packageName: string): Promise<string | undefined> {
    return this.given.broken?.[packageName];
  }

  async openI2c(): Promise<Pick<I2cBus, 'readByte' | 'close'>> {
    return {
      readByte: async (address, register) => {
        this.probed.push([address, register]);
        const how = this.given.chips?.[address] ?? 'noAnswer';
        if (how !== 'well') throw new HardwareFault(how, 'bus', 'no');
        return 0;
      },
      close: async () => {},
    };
  }

  async gpioLabel(device: string): Promise<string | undefined> {
    return this.given.gpioLabels?.[device];
  }

  async askAgent(): Promise<AgentStatus | undefined> {
    return this.given.agent;
  }
}
