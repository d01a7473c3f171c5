import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delay } from '../../ports/clock.ts';
import { SystemClock } from '../time/system-clock.ts';
import { type DatagramSocket, openSupervisor, watchdogMs } from './notify.ts';

/** Datagrams that were sent, without an add-on. */
class HeardSocket implements DatagramSocket {
  readonly heard: string[] = [];
  closed = false;
  failure: Error | undefined;
  on(): void {}
  send(bytes: Buffer, from: number, length: number, _path: string, done: (e?: Error) => void) {
    if (!this.failure) this.heard.push(bytes.toString('utf8', from, from + length));
    done(this.failure);
  }
  close(): void {
    this.closed = true;
  }
}

async function supervised(env: Record<string, string>) {
  const socket = new HeardSocket();
  const said: string[] = [];
  const supervisor = await openSupervisor({
    env,
    pid: 77,
    logLine: (line) => said.push(line),
    openSocket: async () => socket,
  });
  return { socket, said, supervisor };
}

const NOTIFY_SOCKET = '/run/systemd/notify';

describe("systemd's supervisor", () => {
  it('is told what sd_notify says, and nothing after the stop', async () => {
    const { socket, supervisor } = await supervised({ NOTIFY_SOCKET });
    supervisor.status('waits for its encoders');
    supervisor.ready();
    supervisor.alive();
    supervisor.stopping();
    supervisor.alive();
    supervisor.stopping();
    expect(socket.heard).toEqual([
      'STATUS=waits for its encoders',
      'READY=1',
      'WATCHDOG=1',
      'STOPPING=1',
    ]);
    expect(socket.closed).toBe(true);
  });

  it('takes any status for one line', async () => {
    const { socket, supervisor } = await supervised({ NOTIFY_SOCKET });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        supervisor.status(`a\nREADY=1\0${text}`);
        expect(socket.heard.at(-1)).toMatch(/^STATUS=a READY=1 [^\n\0]*$/);
      }),
      { numRuns: 100 },
    );
  });

  it('is nobody without a socket, and says why where systemd cannot be reached', async () => {
    expect((await supervised({})).said).toEqual([]);
    const wrong = ['@/org/freedesktop/systemd1/notify', 'relative', `/${'x'.repeat(120)}`];
    for (const address of wrong) {
      const { said, socket, supervisor } = await supervised({
        NOTIFY_SOCKET: address,
        WATCHDOG_USEC: '1000000',
      });
      supervisor.ready();
      expect(socket.heard).toEqual([]);
      expect(supervisor.watchdogMs).toBeUndefined();
      expect(said).toHaveLength(1);
    }
  });

  it('says once that nobody hears, and again only after somebody did', async () => {
    const { socket, said, supervisor } = await supervised({ NOTIFY_SOCKET });
    socket.failure = new Error('send ECONNREFUSED');
    for (let beat = 0; beat < 5; beat++) supervisor.alive();
    expect(said).toEqual([expect.stringContaining('ECONNREFUSED')]);
    socket.failure = undefined;
    supervisor.alive();
    socket.failure = new Error('send EAGAIN');
    supervisor.alive();
    expect(said).toHaveLength(2);
  });

  it('is nobody, with one line that helps, when the add-on is missing', async () => {
    const said: string[] = [];
    const supervisor = await openSupervisor({
      env: { NOTIFY_SOCKET },
      logLine: (line) => said.push(line),
      openSocket: () => Promise.reject(new Error('Cannot find package\nstack')),
    });
    supervisor.ready();
    expect(said).toEqual([expect.stringMatching(/Cannot find package\); npm install unix-dgram$/)]);
  });

  it('waits for as long as it says, when it means this process', () => {
    expect(watchdogMs({ WATCHDOG_USEC: '2500000' }, 77)).toBe(2_500);
    expect(watchdogMs({ WATCHDOG_USEC: '2500000', WATCHDOG_PID: '77' }, 77)).toBe(2_500);
    expect(watchdogMs({ WATCHDOG_USEC: '2500000', WATCHDOG_PID: '1' }, 77)).toBeUndefined();
    for (const garbage of ['', '0', '-1', '1e6', 'soon', '9'.repeat(30)])
      expect(watchdogMs({ WATCHDOG_USEC: garbage }, 77)).toBeUndefined();
    expect(watchdogMs({}, 77)).toBeUndefined();
  });
});

/** Node's own version of the add-on may not be built: then there is no socket to try. */
const library = await import('unix-dgram').then(
  (module) => module,
  () => undefined,
);

describe.skipIf(!library)('on a real datagram socket (needs unix-dgram)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'notify-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('word arrives, also with a receiver that was away for a while', async () => {
    const clock = new SystemClock();
    const address = path.join(folder, 'notify');
    const heard: string[] = [];
    const listen = () => {
      const receiver = library?.createSocket('unix_dgram', (bytes) => heard.push(`${bytes}`));
      receiver?.bind(address);
      return receiver;
    };
    const until = async (count: number) => {
      for (let wait = 0; wait < 200 && heard.length < count; wait++) await delay(clock, 5);
    };
    const said: string[] = [];
    let receiver = listen();
    const supervisor = await openSupervisor({
      env: { NOTIFY_SOCKET: address, WATCHDOG_USEC: '500000' },
      logLine: (line) => said.push(line),
    });
    expect(supervisor.watchdogMs).toBe(500);
    supervisor.ready();
    supervisor.alive();
    await until(2);
    receiver?.close();
    supervisor.alive();
    expect(said).toHaveLength(1);
    rmSync(address);
    receiver = listen();
    supervisor.alive();
    supervisor.stopping();
    await until(4);
    receiver?.close();
    expect(heard).toEqual(['READY=1', 'WATCHDOG=1', 'WATCHDOG=1', 'STOPPING=1']);
  });
});
