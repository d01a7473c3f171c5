import { Message, type MessageBus, MessageFlag, sessionBus } from '@jellybrick/dbus-next';
import { within } from '../../common/asynchrony.ts';
import type { Clock } from '../../ports/clock.ts';

/** Longest wait for an answer: services answer from memory, or hang. */
const CALL_MS = 5_000;

export type Properties = Readonly<Record<string, unknown>>;

/** Where D-Bus says that it is, for the system's own bus. */
export function systemBusAddress(env: Readonly<Record<string, string | undefined>>): string {
  return env.DBUS_SYSTEM_BUS_ADDRESS || 'unix:path=/run/dbus/system_bus_socket';
}

/** A connection to D-Bus: properties of objects, and a word when something may have changed. */
export class SystemBus {
  private constructor(
    private readonly bus: MessageBus,
    private readonly clock: Clock,
  ) {}

  /** `onLost` is told once when the connection is of no use any longer. */
  static async open(address: string, clock: Clock, onLost: () => void): Promise<SystemBus> {
    // By its name for users only; the system's bus is one at another address.
    const bus = sessionBus({ busAddress: address });
    const connected = new Promise<void>((resolve, reject) => {
      bus.once('connect', resolve);
      const emitter: NodeJS.EventEmitter = bus;
      emitter.on('error', (error) => {
        reject(error);
        onLost();
      });
    });
    await inTime(clock, connected).catch((error: unknown) => {
      close(bus);
      throw error;
    });
    return new SystemBus(bus, clock);
  }

  /** Calls `act` with the path of each object of `service` that tells a change, or '' for the service itself. */
  async watch(service: string, act: (path: string) => void): Promise<void> {
    const dbus = 'org.freedesktop.DBus';
    for (const rule of [
      `type='signal',sender='${service}'`,
      `type='signal',sender='${dbus}',member='NameOwnerChanged',arg0='${service}'`,
    ])
      await this.call(dbus, '/org/freedesktop/DBus', dbus, 'AddMatch', 's', [rule]);
    this.bus.on('message', (message: Message) => {
      if (message.member === 'NameOwnerChanged' && message.body[0] === service) act('');
      else if (CHANGES.has(message.member)) act(message.path);
    });
  }

  /** All properties of one interface of an object. Variants are unwrapped. */
  async properties(service: string, path: string, face: string): Promise<Properties> {
    const dbus = 'org.freedesktop.DBus.Properties';
    const body = await this.call(service, path, dbus, 'GetAll', 's', [face]);
    return asProperties(plain(body[0]));
  }

  /** The same of a service that runs only while it is asked, and is started for it. */
  async propertiesOnDemand(service: string, path: string, face: string): Promise<Properties> {
    const dbus = 'org.freedesktop.DBus.Properties';
    const body = await this.call(service, path, dbus, 'GetAll', 's', [face], true);
    return asProperties(plain(body[0]));
  }

  /** The same of an object that may be gone by now, or named `/` for none. */
  async propertiesIfAny(service: string, path: unknown, face: string): Promise<Properties> {
    if (typeof path !== 'string' || !path.startsWith('/') || path === '/') return {};
    return this.properties(service, path, face).catch(() => ({}));
  }

  /** Objects below a service's root, as path to interface to properties. */
  async objects(service: string, path: string): Promise<Properties> {
    const dbus = 'org.freedesktop.DBus.ObjectManager';
    const body = await this.call(service, path, dbus, 'GetManagedObjects', '', []);
    return asProperties(plain(body[0]));
  }

  /** Calls a method; the body of its answer without variants. Rejects with DBusError when refused. */
  async ask(destination: string, path: string, question: Question): Promise<unknown[]> {
    const { face, member, signature, body } = question;
    return (await this.call(destination, path, face, member, signature, body)).map(plain);
  }

  /** Calls `act` with path and body of each signal of this name; for services that are watched. */
  onSignal(member: string, act: (path: string, body: unknown[]) => void): () => void {
    const listener = (message: Message): void => {
      if (message.member === member) act(message.path, message.body);
    };
    this.bus.on('message', listener);
    return () => this.bus.off('message', listener);
  }

  close(): void {
    close(this.bus);
  }

  private async call(
    destination: string,
    path: string,
    face: string,
    member: string,
    signature: string,
    body: unknown[],
    mayStart = false,
  ): Promise<unknown[]> {
    // As a rule, looking at a service must not start it.
    const flags = mayStart ? {} : { flags: MessageFlag.NO_AUTO_START };
    const call = new Message({
      destination,
      path,
      interface: face,
      member,
      signature,
      body,
      ...flags,
    });
    return (await inTime(this.clock, this.bus.call(call)))?.body ?? [];
  }
}

/** A method of an interface, and its arguments. */
export interface Question {
  readonly face: string;
  readonly member: string;
  readonly signature: string;
  readonly body: unknown[];
}

const CHANGES = new Set(['PropertiesChanged', 'InterfacesAdded', 'InterfacesRemoved']);

function close(bus: MessageBus): void {
  try {
    bus.disconnect();
  } catch {
    // It never was connected.
  }
}

function inTime<T>(clock: Clock, call: Promise<T>): Promise<T> {
  return within(clock, CALL_MS, call, () => {
    throw new Error(`no answer within ${CALL_MS} ms`);
  });
}

/** D-Bus values without their variants, at any depth. */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if ('signature' in value && 'value' in value && typeof value.signature === 'string')
    return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}

export function asProperties(value: unknown): Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Properties)
    : {};
}
