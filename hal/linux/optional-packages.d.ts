/*
 * What is used of the add-ons that are optional at install. Said here, so that the sources have the
 * same types on a computer that could not compile them; a package's own types come second to these.
 */

/** libgpiod 1.x: see gpio/libraries.ts for what is expected of it. */
declare module 'node-libgpiod';

/** GPIO by sysfs. */
declare module 'onoff' {
  export class Gpio {
    constructor(
      line: number,
      direction: 'in' | 'high' | 'low',
      edge: 'none' | 'both',
      options: { activeLow: boolean },
    );
    readSync(): number;
    writeSync(value: 0 | 1): void;
    watch(onValue: (error: Error | null | undefined, value: number) => void): void;
    unwatchAll(): void;
    unexport(): void;
  }
}

/** Datagrams on Unix sockets, which Node lacks. */
declare module 'unix-dgram' {
  export interface Socket {
    on(event: 'error', listener: (error: Error) => void): unknown;
    bind(path: string): void;
    send(
      bytes: Buffer,
      offset: number,
      length: number,
      path: string,
      done: (error?: Error) => void,
    ): void;
    close(): void;
  }
  export function createSocket(type: 'unix_dgram', listener?: (bytes: Buffer) => void): Socket;
}
