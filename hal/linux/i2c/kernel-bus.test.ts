import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { SystemClock } from '../time/system-clock.ts';
import { rebindAdapter } from './adapter.ts';
import { KernelI2c, openKernelI2c, type RawI2c } from './kernel-bus.ts';

/** The package i2c-bus over a kernel that does as it is told. */
class FakeRaw {
  log: string[] = [];
  opened = 0;
  closed = 0;
  rebound = 0;
  /** What the kernel waits for before it lets a driver go. */
  rebinding: Promise<void> = Promise.resolve();
  /** Errors of the next transactions; `hang` never ends, `late` ends with the next `free`. */
  next: (string | 'hang')[] = [];
  able: Record<string, boolean> = {
    smbusReadI2cBlock: true,
    smbusWriteI2cBlock: true,
    smbusSendByte: true,
  };
  short = false;
  private hanging: (() => void)[] = [];

  free(): void {
    for (const end of this.hanging.splice(0)) end();
  }

  private async does<T>(what: string, result: T): Promise<T> {
    const code = this.next.shift();
    if (code === 'hang') await new Promise<void>((resolve) => this.hanging.push(resolve));
    else if (code) throw Object.assign(new Error(`${code}, ${what}`), { code, syscall: what });
    this.log.push(what);
    return result;
  }

  readonly raw: RawI2c = {
    writeI2cBlock: (address, register, length, buffer) =>
      this.does(`write ${hex(address)} ${hex(register)} ${[...buffer].map(hex).join(' ')}`, {
        bytesWritten: length,
        buffer,
      }),
    readI2cBlock: (address, register, length, buffer) =>
      this.does(`read ${hex(address)} ${hex(register)} ${length}`, {
        bytesRead: this.short ? length - 1 : length,
        buffer: buffer.fill(0xab),
      }),
    writeByte: (address, register, byte) =>
      this.does(`byte ${hex(address)} ${hex(register)} ${hex(byte)}`, undefined),
    readByte: (address, register) => this.does(`readByte ${hex(address)} ${hex(register)}`, 7),
    sendByte: (address, byte) => this.does(`send ${hex(address)} ${hex(byte)}`, undefined),
    i2cFuncs: () => this.does('funcs', Object.assign({ i2c: true }, this.able) as never),
    close: async () => {
      this.closed += 1;
    },
  };
}
const hex = (value: number): string => value.toString(16);

let clock: SimClock;
let raw: FakeRaw;
let bus: KernelI2c;
beforeEach(() => {
  clock = new SimClock();
  raw = new FakeRaw();
  bus = new KernelI2c({
    bus: 1,
    clock,
    open: async () => {
      raw.opened += 1;
      return raw.raw;
    },
    rebind: async () => {
      raw.rebound += 1;
      await raw.rebinding;
      return true;
    },
  });
});

async function faultOf(call: Promise<unknown>): Promise<HardwareFault | undefined> {
  const fault = call.then(
    () => undefined,
    (error: unknown) => error,
  );
  await clock.advance(25);
  const error = await fault;
  if (error !== undefined && !(error instanceof HardwareFault)) throw error;
  return error;
}

describe('I2C of the kernel', () => {
  it('uses the SMBus calls, in the order in which it was called', async () => {
    const calls = Promise.all([
      bus.writeBlock(0x41, 6, Uint8Array.of(1, 2)),
      bus.readBlock(0x36, 0x0b, 3),
      bus.writeByte(0x41, 0, 0x20),
      bus.readByte(0x41, 0xfe),
      bus.sendByte(0x72, 0x21),
    ]);
    await clock.advance(1);
    const [, block, , byte] = await calls;
    expect(block).toEqual(Uint8Array.of(0xab, 0xab, 0xab));
    expect(byte).toBe(7);
    expect(raw.log).toEqual([
      'write 41 6 1 2',
      'read 36 b 3',
      'byte 41 0 20',
      'readByte 41 fe',
      'send 72 21',
    ]);
    expect(raw.opened).toBe(1);
  });

  it.each([
    ['ENXIO', 'noAnswer', /no acknowledge; check/],
    ['EREMOTEIO', 'noAnswer', /no acknowledge/],
    ['EIO', 'noAnswer', /check plug and cable/],
    ['EAGAIN', 'noAnswer', /arbitration/],
    ['ETIMEDOUT', 'timeout', /line is held/],
    ['EACCES', 'notPermitted', /may not open \/dev\/i2c-1; add it to the group/],
    ['EPERM', 'notPermitted', /group/],
    ['ENOENT', 'noAnswer', /on \/dev\/i2c-1: the bus does not exist; switch I2C on/],
    ['ENODEV', 'noAnswer', /i2c\.bus in the board file/],
    ['EBUSY', 'busy', /kernel driver has this chip/],
    ['EOPNOTSUPP', 'badData', /cannot do/],
    ['EPROTO', 'badData', /protocol/],
    ['EWHAT', 'noAnswer', /EWHAT/],
  ])('says of %s: %s', async (code, kind, message) => {
    raw.next = [code];
    const fault = await faultOf(bus.readByte(0x36, 0));
    expect(fault?.kind).toBe(kind);
    expect(fault?.message).toMatch(message);
    expect(fault?.message).toMatch(/^I2C 0x36 on \/dev\/i2c-1: [^\n]*$/);
    expect(await faultOf(bus.readByte(0x36, 0))).toBeUndefined();
  });

  it('does not go on with a file whose address was refused', async () => {
    raw.next = ['EBUSY'];
    await faultOf(bus.readByte(0x36, 0));
    expect(raw.closed).toBe(1);
    await faultOf(bus.readByte(0x36, 0));
    expect(raw.opened).toBe(2);
  });

  it('takes a short block for bad data, and refuses what SMBus cannot carry', async () => {
    raw.short = true;
    expect((await faultOf(bus.readBlock(0x36, 0, 3)))?.message).toMatch(/gave 2 bytes, expected 3/);
    expect((await faultOf(bus.readBlock(0x36, 0, 33)))?.kind).toBe('badData');
    expect((await faultOf(bus.writeBlock(0x36, 0, new Uint8Array(0))))?.kind).toBe('badData');
  });

  it('is refused when its adapter lacks block transfers', async () => {
    await bus.probe();
    raw.able.smbusWriteI2cBlock = false;
    const fault = await faultOf(bus.probe());
    expect(fault?.message).toMatch(/cannot do smbusWriteI2cBlock/);
  });

  it('gives up a call that hangs, and those behind it, and works when it has come back', async () => {
    raw.next = ['hang'];
    const [first, second] = await Promise.all([
      faultOf(bus.readByte(0x36, 0)),
      faultOf(bus.readByte(0x40, 0)),
    ]);
    expect(first?.kind).toBe('timeout');
    expect(second?.kind).toMatch(/timeout|busStuck/);
    const third = await faultOf(bus.readByte(0x40, 0));
    expect(third).toMatchObject({ kind: 'busStuck' });
    expect(third?.message).toMatch(/has not come back/);
    raw.free();
    await clock.advance(0);
    expect(await faultOf(bus.readByte(0x40, 0))).toBeUndefined();
    expect(raw.log).toEqual(['readByte 36 0', 'readByte 40 0']);
  });

  it('leaves a hung call behind when it is recovered, twice at most at a time', async () => {
    for (let hung = 1; hung <= 2; hung++) {
      raw.next = ['hang'];
      await faultOf(bus.readByte(0x36, 0));
      await bus.recover();
      expect(await faultOf(bus.readByte(0x36, 0))).toBeUndefined();
    }
    expect(raw).toMatchObject({ opened: 3, closed: 2, rebound: 0 });
    raw.next = ['hang'];
    await faultOf(bus.readByte(0x36, 0));
    await bus.recover();
    expect((await faultOf(bus.readByte(0x36, 0)))?.kind).toBe('busStuck');
    raw.free();
    await clock.advance(0);
    expect(await faultOf(bus.readByte(0x36, 0))).toBeUndefined();
    raw.next = ['hang'];
    await faultOf(bus.readByte(0x36, 0));
    await bus.recover();
    expect(await faultOf(bus.readByte(0x36, 0))).toBeUndefined();
  });

  it('sets the controller up afresh only when opening again was not enough', async () => {
    await bus.recover();
    expect(raw.rebound).toBe(0);
    await bus.recover();
    expect(raw.rebound).toBe(1);
    await clock.advance(60_000);
    await bus.recover();
    expect(raw.rebound).toBe(1);
  });

  it('waits for a controller that is busy for a second, and asks for it once', async () => {
    let letGo = (): void => {};
    raw.rebinding = new Promise((resolve) => {
      letGo = resolve;
    });
    const recovered = async (): Promise<number> => {
      const startMs = clock.now();
      let tookMs = Number.POSITIVE_INFINITY;
      void bus.recover().then(() => {
        tookMs = clock.now() - startMs;
      });
      await clock.advance(1_500);
      return tookMs;
    };
    await recovered();
    expect(await recovered()).toBeLessThanOrEqual(1_000);
    expect(await faultOf(bus.readByte(0x36, 0))).toBeUndefined();
    expect(await recovered()).toBe(0);
    expect(raw.rebound).toBe(1);
    letGo();
    await clock.advance(1);
    await recovered();
    expect(raw.rebound).toBe(2);
  });

  it('does not ask the kernel for what would wait for a transaction that it has lost', async () => {
    raw.next = ['hang'];
    await faultOf(bus.readByte(0x36, 0));
    for (let i = 0; i < 3; i++) await bus.recover();
    expect(raw.rebound).toBe(0);
    expect(await faultOf(bus.readByte(0x36, 0))).toBeUndefined();
    raw.free();
    await clock.advance(0);
    await bus.recover();
    expect(raw.rebound).toBe(1);
  });

  it('is closed after close', async () => {
    await bus.close();
    expect((await faultOf(bus.readByte(0x36, 0)))?.message).toMatch(/closed/);
  });

  it('says in one line why a bus that is not there cannot be opened', async () => {
    // Where the add-on does not load, that is the line.
    const fault = await openKernelI2c(199, new SystemClock()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(HardwareFault);
    expect(String(fault)).toMatch(/\/dev\/i2c-199: the (bus does not exist; switch|package)/);
    expect(String(fault)).not.toContain('\n');
  });
});

describe('adapter in sysfs', () => {
  it('has its driver taken off and put on, or says that it could not', async () => {
    const root = await mkdtemp(join(tmpdir(), 'deskmate-i2c-'));
    try {
      const controller = join(root, 'soc', 'fe804000.i2c');
      const driver = join(root, 'drivers', 'i2c-bcm2835');
      await mkdir(join(controller, 'i2c-1'), { recursive: true });
      await mkdir(driver, { recursive: true });
      await symlink(driver, join(controller, 'driver'));
      await symlink(join(controller, 'i2c-1'), join(root, 'i2c-1'));
      for (const file of ['bind', 'unbind']) await writeFile(join(driver, file), '');
      expect(await rebindAdapter(1, new SystemClock(), root)).toBe(true);
      for (const file of ['bind', 'unbind'])
        expect(await readFile(join(driver, file), 'utf8')).toBe('fe804000.i2c');
      expect(await rebindAdapter(2, new SystemClock(), root)).toBe(false);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
