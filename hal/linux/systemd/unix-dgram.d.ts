/** What is used of unix-dgram 2, which brings no types. */
declare module 'unix-dgram' {
  interface Socket {
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
