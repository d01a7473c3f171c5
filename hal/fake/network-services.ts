/**
 * NetworkManager and ModemManager as far as this project asks them, on a D-Bus broker of their own:
 * real names, types and signals on a real wire.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Message, type MessageBus, sessionBus, Variant } from '@jellybrick/dbus-next';

/** A system bus as the system's, where everybody may do everything. */
const CONFIG = (socket: string): string => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
`;

/** A broker of its own, until `stop`. */
export class Broker {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'bus-'));
  readonly address = `unix:path=${this.folder}/bus`;
  private daemon: ChildProcess | undefined;

  async start(): Promise<void> {
    const config = path.join(this.folder, 'bus.conf');
    rmSync(path.join(this.folder, 'bus'), { force: true });
    writeFileSync(config, CONFIG(`${this.folder}/bus`));
    const daemon = spawn(
      'dbus-daemon',
      ['--nofork', '--print-address', `--config-file=${config}`],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    this.daemon = daemon;
    await new Promise<void>((resolve, reject) => {
      daemon.once('error', reject);
      daemon.once('exit', () => reject(new Error('dbus-daemon ended')));
      // It says its address when it listens.
      daemon.stdout.once('data', () => resolve());
    });
  }

  async kill(): Promise<void> {
    const { daemon } = this;
    if (!daemon || daemon.exitCode !== null) return;
    const ended = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Path to interface to properties, each a Variant of the type that the real service has. */
export type Objects = Record<string, Record<string, Record<string, Variant>>>;

/** Signature and body of an answer; throws a FakeRefusal; undefined: no such method. */
export type FakeMethod = (call: Message) => readonly [string, unknown[]] | undefined;

/** An error that a service answers with. */
export class FakeRefusal extends Error {
  override readonly name = 'FakeRefusal';
}

/** A service that has properties, and methods if it is given any. */
export class FakeService {
  private bus: MessageBus | undefined;

  constructor(
    private readonly name: string,
    readonly objects: Objects,
    private readonly method: FakeMethod = () => undefined,
  ) {}

  async start(address: string): Promise<void> {
    const bus = sessionBus({ busAddress: address });
    this.bus = bus;
    const emitter: NodeJS.EventEmitter = bus;
    emitter.on('error', () => {});
    await new Promise<void>((resolve) => bus.once('connect', resolve));
    bus.addMethodHandler((call) => this.answer(bus, call));
    await bus.requestName(this.name);
  }

  stop(): void {
    this.bus?.disconnect();
    this.bus = undefined;
  }

  /** Changes a property and says so, as both services do. */
  set(object: string, face: string, name: string, value: Variant): void {
    const properties = this.objects[object]?.[face];
    if (!properties) throw new Error(`no ${face} at ${object}`);
    properties[name] = value;
    this.bus?.send(
      Message.newSignal(
        object,
        'org.freedesktop.DBus.Properties',
        'PropertiesChanged',
        'sa{sv}as',
        [face, { [name]: value }, []],
      ),
    );
  }

  signal(object: string, face: string, name: string, signature: string, body: unknown[]): void {
    this.bus?.send(Message.newSignal(object, face, name, signature, body));
  }

  private answer(bus: MessageBus, call: Message): boolean {
    try {
      const answer = this.method(call);
      if (answer) {
        bus.send(Message.newMethodReturn(call, ...answer));
        return true;
      }
    } catch (error) {
      if (!(error instanceof FakeRefusal)) throw error;
      bus.send(Message.newError(call, `${NM}.Refused`, error.message));
      return true;
    }
    if (call.member === 'GetManagedObjects') {
      bus.send(Message.newMethodReturn(call, 'a{oa{sa{sv}}}', [this.objects]));
      return true;
    }
    if (call.member !== 'GetAll') return false;
    const properties = this.objects[call.path]?.[String(call.body[0])];
    bus.send(
      properties
        ? Message.newMethodReturn(call, 'a{sv}', [properties])
        : Message.newError(call, 'org.freedesktop.DBus.Error.UnknownObject', 'no such object'),
    );
    return true;
  }
}

export const NM = 'org.freedesktop.NetworkManager';
export const MM = 'org.freedesktop.ModemManager1';
const NM_ROOT = '/org/freedesktop/NetworkManager';
export const ACCESS_POINT = `${NM_ROOT}/AccessPoint/7`;
export const MODEM = '/org/freedesktop/ModemManager1/Modem/0';

/** A robot on a school's Wi-Fi by 802.1X, a telephone card beside it. */
export function schoolNetwork(): Objects {
  const active = `${NM_ROOT}/ActiveConnection/2`;
  const address = { address: new Variant('s', '10.20.4.17'), prefix: new Variant('u', 22) };
  return {
    [NM_ROOT]: {
      [NM]: {
        Connectivity: new Variant('u', 4),
        PrimaryConnection: new Variant('o', active),
        PrimaryConnectionType: new Variant('s', '802-11-wireless'),
        Devices: new Variant('ao', [`${NM_ROOT}/Devices/1`, `${NM_ROOT}/Devices/3`]),
      },
    },
    [active]: {
      [`${NM}.Connection.Active`]: {
        Id: new Variant('s', 'School'),
        Type: new Variant('s', '802-11-wireless'),
        Ip4Config: new Variant('o', `${NM_ROOT}/IP4Config/5`),
        Ip6Config: new Variant('o', '/'),
      },
    },
    [`${NM_ROOT}/IP4Config/5`]: {
      [`${NM}.IP4Config`]: {
        AddressData: new Variant('aa{sv}', [address]),
        Gateway: new Variant('s', '10.20.4.1'),
      },
    },
    [`${NM_ROOT}/Devices/1`]: { [`${NM}.Device`]: { DeviceType: new Variant('u', 14) } },
    [`${NM_ROOT}/Devices/3`]: {
      [`${NM}.Device`]: { DeviceType: new Variant('u', 2) },
      [`${NM}.Device.Wireless`]: { ActiveAccessPoint: new Variant('o', ACCESS_POINT) },
    },
    [ACCESS_POINT]: {
      [`${NM}.AccessPoint`]: {
        Ssid: new Variant('ay', Buffer.from('Skolan-Elev å')),
        Strength: new Variant('y', 64),
        Frequency: new Variant('u', 5_240),
        Flags: new Variant('u', 1),
        WpaFlags: new Variant('u', 0),
        RsnFlags: new Variant('u', 0x200 | 0x8 | 0x80),
      },
    },
  };
}

export function telephoneCard(): Objects {
  return {
    [MODEM]: {
      [`${MM}.Modem`]: {
        State: new Variant('i', 11),
        AccessTechnologies: new Variant('u', 1 << 14),
        SignalQuality: new Variant('(ub)', [48, true]),
      },
      [`${MM}.Modem.Modem3gpp`]: {
        RegistrationState: new Variant('u', 5),
        OperatorName: new Variant('s', 'Telia'),
      },
    },
  };
}
