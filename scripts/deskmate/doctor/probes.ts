import { lookup } from 'node:dns/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { I2cBus } from '../../../hal/bus/i2c.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import { HardwareFault, type HardwareFaultKind } from '../../../hal/ports/fault.ts';
import type { Reached, Target } from './host-probe.ts';

const WITHIN_MS = 6_000;

export async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

/** Whether a network address answers, and its certificate: connects, inspects, closes. */
export function reach(clock: Clock, { host, port, tls }: Target): Promise<Reached> {
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    let joined = false;
    const end = (reached: Reached): void => {
      timer.cancel();
      socket?.removeAllListeners().on('error', () => {});
      socket?.destroy();
      resolve(reached);
    };
    const fail = (why: string): void => end({ kind: joined ? 'noTls' : 'closed', why });
    const timer = clock.after(WITHIN_MS, () => fail('no answer'));
    const open = (): void => {
      joined = true;
      if (!tls) end({ kind: 'open' });
    };
    if (tls) {
      // The certificate is checked below, so that its error can be reported.
      const options = {
        host,
        port,
        rejectUnauthorized: false,
        ...(isName(host) && { servername: host }),
      };
      const secure = connectTls(options, () => end(certificateOf(secure, host)));
      secure.once('connect', open);
      socket = secure;
    } else socket = connectTcp({ host, port }, open);
    socket.on('error', (error) => fail('code' in error ? String(error.code) : error.message));
    socket.on('close', () => fail('closed at once'));
  });
}

function certificateOf(socket: TLSSocket, host: string): Reached {
  const certificate = socket.getPeerCertificate();
  const { valid_from, valid_to, issuer } = certificate;
  if (!valid_from) return { kind: 'noTls', why: 'no certificate' };
  return {
    kind: 'secure',
    validFrom: Date.parse(valid_from),
    validTo: Date.parse(valid_to),
    distrust: socket.authorized ? undefined : String(socket.authorizationError),
    issuer: [issuer?.O ?? issuer?.CN ?? host].flat().join(' '),
  };
}

/** SNI allows host names only, no addresses (RFC 6066). */
const isName = (host: string): boolean => !/^[\d.]+$|:/.test(host);

/**
 * The bus for single transfers: without the drivers' retries and recovery, which would hide the
 * faults that the doctor looks for. Rejects with HardwareFault.
 */
export async function openProbe(bus: number): Promise<Pick<I2cBus, 'readByte' | 'close'>> {
  const device = `/dev/i2c-${bus}`;
  try {
    const library = await import('i2c-bus');
    const opened = await (library.default ?? library).openPromisified(bus);
    return {
      readByte: (address, register) =>
        opened.readByte(address, register).catch((error) => {
          throw faultOf(device, error);
        }),
      close: () => opened.close(),
    };
  } catch (error) {
    throw faultOf(device, error);
  }
}

/** Errno of the kernel's I2C (Documentation/i2c/fault-codes.rst). */
const KINDS: Readonly<Record<string, HardwareFaultKind>> = {
  ENXIO: 'noAnswer',
  EREMOTEIO: 'noAnswer',
  EIO: 'noAnswer',
  EBUSY: 'busy',
  EAGAIN: 'busStuck',
  ETIMEDOUT: 'busStuck',
  EACCES: 'notPermitted',
};

function faultOf(device: string, error: unknown): HardwareFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? error.message : String(error);
  return new HardwareFault(KINDS[code] ?? 'badData', device, text, { cause: error });
}
