import type { AgentStatus } from '../../../agent/access/admin-client.ts';
import type { I2cBus } from '../../../hal/bus/i2c.ts';
import type { NetworkState } from '../../../hal/ports/network.ts';

/**
 * Read-only queries of the doctor's checks to the computer; replaced by a fake in tests. A query
 * that cannot be answered resolves with a result that says so; none rejects.
 */
export interface HostProbe {
  readonly node: { readonly version: string; readonly arch: string };
  /** The calling user. */
  readonly user: { readonly name: string; readonly root: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970, by the system clock. */
  wall(): number;
  read(path: string): Promise<Text>;
  /** Names in a folder; none when it is not there. */
  list(path: string): Promise<readonly string[]>;
  may(path: string, how: 'read' | 'readWrite'): Promise<'yes' | 'no' | 'missing'>;
  /** The group that a file belongs to, and whether that group may read and write. */
  group(path: string): Promise<{ readonly name: string; readonly readWrite: boolean } | undefined>;
  /** Runs a program of the system with an untranslated locale. */
  run(command: string, ...args: string[]): Promise<Ran>;
  /** Processes that have a file open, as far as permissions allow. */
  holders(path: string): Promise<readonly Holder[]>;
  /** The file system of a path (or of its nearest existing folder). */
  space(path: string): Promise<Space | undefined>;
  addresses(host: string): Promise<readonly string[]>;
  /** State from NetworkManager and ModemManager; unknown where they do not answer in time. */
  network(withinMs?: number): Promise<NetworkState>;
  /** Opens a TCP connection, optionally with TLS, and closes it. */
  reach(target: Target): Promise<Reached>;
  /** Whether a package with native code loads; else the first line of the error. */
  loads(packageName: string): Promise<string | undefined>;
  /** Rejects with HardwareFault, as does what it opens. */
  openI2c(bus: number): Promise<Pick<I2cBus, 'readByte' | 'close'>>;
  /** The label of a GPIO chip, by its character device; undefined when it cannot be read. */
  gpioLabel(device: string): Promise<string | undefined>;
  /** Queries the agent over its admin socket; undefined without an answer. */
  askAgent(socket: string): Promise<AgentStatus | undefined>;
}

/** `code` as in Node: ENOENT, EACCES. */
export type Text =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string };

/** `code` null: the program is not installed or did not end in time. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
}

export interface Holder {
  readonly pid: number;
  readonly name: string;
}

export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** 0 of 0 on file systems without inodes. */
  readonly freeInodes: number;
  readonly totalInodes: number;
  readonly readOnly: boolean;
  /** Where it is mounted. */
  readonly mount: string;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export type Reached =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'secure';
      readonly validFrom: number;
      readonly validTo: number;
      /** Why the certificate is not trusted, as OpenSSL's code; undefined when it is. */
      readonly distrust: string | undefined;
      /** Issuer. */
      readonly issuer: string;
    }
  | { readonly kind: 'noTls'; readonly why: string }
  | { readonly kind: 'closed'; readonly why: string };
