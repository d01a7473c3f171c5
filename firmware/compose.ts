import { pathToFileURL } from 'node:url';
import { type Calibration, CalibrationError, parseCalibration } from '../hal/boards/calibration.ts';
import { within } from '../hal/common/asynchrony.ts';
import { ConfigError } from '../hal/common/config-file.ts';
import { readTextFile, TextFileError } from '../hal/common/text-file.ts';
import { LogSink, stdoutOutlet } from '../hal/linux/log/log-sink.ts';
import { FileStorage } from '../hal/linux/storage/file-storage.ts';
import { openSupervisor } from '../hal/linux/systemd/notify.ts';
import { PreciseClock } from '../hal/linux/time/precise-clock.ts';
import { SystemClock } from '../hal/linux/time/system-clock.ts';
import type { BodyHardware } from '../hal/ports/body.ts';
import type { DriverModule } from '../hal/ports/drivers.ts';
import type { Log } from '../hal/ports/log.ts';
import type { Config } from './config.ts';
import { Firmware } from './firmware.ts';
import type { Pipe } from './link/pipe.ts';
import { LinkServer } from './link/server.ts';
import { safeOff } from './safety/safe-off.ts';

export interface Running {
  readonly firmware: Firmware;
  /** Stops in order; `late` when something did not stop in time: exit all the same. */
  stop(): Promise<'stopped' | 'late'>;
}

/** Braking and switching off take less than half of this; a supervisor's stop timeout is longer. */
const STOP_MS = 3_000;

export type { LogSink };

export const openLogSink = (): LogSink => new LogSink(stdoutOutlet(), new SystemClock());

/** Turns the body off and nothing more, for an unplanned exit. Takes at most a second. */
export type PowerOff = () => Promise<void>;

/**
 * Composition root of the firmware process, with the order of start and stop. The socket comes
 * first: a process that cannot have it (another one has the body) touches no hardware. `onOpen`
 * receives the function that turns the body off as soon as it is open; a failed start calls it.
 */
export async function compose(
  config: Config,
  log: Log,
  onOpen: (off: PowerOff) => void = () => {},
): Promise<Running> {
  const { board } = config;
  const clock = new PreciseClock();
  const calibration = loadCalibration(config.calibration, log);
  const drivers = await loadDrivers(config.drivers);
  let firmware: Firmware | undefined;
  // An agent that connects too early retries.
  const onPipe = (pipe: Pipe): void => (firmware ? firmware.attach(pipe) : pipe.close());
  const server = new LinkServer(config.link, onPipe, { clock, log });
  await server.listen();
  const hardware = await drivers.openBody({ clock, board, logLine: (line) => log.info({}, line) });
  // Its own clock: after a bug no other state of this process is relied on.
  const off = async (): Promise<void> => {
    firmware?.halt();
    await safeOff(hardware, new SystemClock(), log);
  };
  onOpen(off);
  try {
    // An unwritable folder fails each call and is retried: no camera until a pause can be saved.
    const memory = config.state === undefined ? undefined : FileStorage.at(config.state);
    const supervisor = await openSupervisor({ logLine: (line) => log.warn({}, line) });
    firmware = new Firmware({ hardware, board, calibration, clock, log, memory, supervisor });
    await firmware.start();
  } catch (error) {
    await off();
    throw error;
  }
  return running(firmware, server, hardware);
}

function running(firmware: Firmware, server: LinkServer, hardware: BodyHardware): Running {
  return {
    firmware,
    stop: () => {
      const stop = async (): Promise<'stopped'> => {
        // In parallel: a client that does not close its socket must not keep the camera on.
        await Promise.all([server.close(), firmware.stop()]);
        await hardware.close();
        return 'stopped';
      };
      return within(new SystemClock(), STOP_MS, stop(), () => 'late' as const);
    },
  };
}

/** Without a usable calibration the robot still sees, hears and speaks; its head does not move. */
function loadCalibration(file: string, log: Log): Calibration | undefined {
  try {
    return parseCalibration(readTextFile(file), file);
  } catch (error) {
    if (!(error instanceof CalibrationError || error instanceof TextFileError)) throw error;
    // A new robot has none: no error.
    if (!('code' in error && error.code === 'ENOENT')) log.error({ file }, error.message);
    return undefined;
  }
}

async function loadDrivers(file: string): Promise<DriverModule> {
  const module: Partial<DriverModule> = await import(pathToFileURL(file).href).catch((error) => {
    throw new ConfigError('drivers', `${file}: expected a module of drivers (${String(error)})`);
  });
  const { openBody, openMedia } = module;
  if (typeof openBody !== 'function' || typeof openMedia !== 'function')
    throw new ConfigError('drivers', `${file}: expected exports openBody and openMedia`);
  return { openBody, openMedia };
}
