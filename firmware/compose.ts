import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Calibration } from '../hal/boards/calibration.ts';
import { CalibrationError, parseCalibration } from '../hal/boards/calibration-file.ts';
import { FileStorage } from '../hal/linux/file-storage.ts';
import { PreciseClock } from '../hal/linux/precise-clock.ts';
import { openSupervisor } from '../hal/linux/systemd/notify.ts';
import type { DriverModule } from '../hal/ports/drivers.ts';
import type { Log } from '../hal/ports/log.ts';
import type { Storage } from '../hal/ports/storage.ts';
import { type Config, ConfigError } from './config.ts';
import { Firmware } from './firmware.ts';
import { LinkServer } from './link/server.ts';

export interface Running {
  readonly firmware: Firmware;
  stop(): Promise<void>;
}

/** The firmware process: everything it is made of, and in which order it starts and stops. */
export async function compose(config: Config, log: Log): Promise<Running> {
  const { board } = config;
  const clock = new PreciseClock();
  const calibration = await loadCalibration(config.calibration, log);
  const drivers = await loadDrivers(config.drivers);
  const hardware = await drivers.openBody({ clock, board, say: (line) => log.info({}, line) });
  const memory = await openMemory(config.state, log);
  const supervisor = await openSupervisor({ say: (line) => log.warn({}, line) });
  const parts = { hardware, board, calibration, clock, log, memory, supervisor };
  const firmware = new Firmware(parts);
  const server = new LinkServer(config.link, (pipe) => firmware.attach(pipe));
  await firmware.start();
  await server.listen();
  return {
    firmware,
    stop: async () => {
      await server.close();
      await firmware.stop();
      await hardware.close();
    },
  };
}

/** Without a folder that can be written firmware works, but a crash forgets the teacher's pause. */
async function openMemory(folder: string | undefined, log: Log): Promise<Storage | undefined> {
  if (folder === undefined) return undefined;
  return FileStorage.open(folder).catch((error: Error) => {
    log.error(
      { folder, why: error.message },
      'state cannot be kept: a pause would not outlive a crash',
    );
    return undefined;
  });
}

/** Without a usable calibration the robot still sees, hears and speaks; its head does not move. */
async function loadCalibration(file: string, log: Log): Promise<Calibration | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return parseCalibration(text, file);
  } catch (error) {
    if (!(error instanceof CalibrationError)) throw error;
    log.error({ file }, error.message);
    return undefined;
  }
}

async function loadDrivers(file: string): Promise<DriverModule> {
  const module: Partial<DriverModule> = await import(pathToFileURL(file).href).catch((error) => {
    throw new ConfigError(`drivers: ${file}: expected a module of drivers (${String(error)})`);
  });
  const { openBody, openMedia } = module;
  if (typeof openBody !== 'function' || typeof openMedia !== 'function')
    throw new ConfigError(`drivers: ${file}: expected exports openBody and openMedia`);
  return { openBody, openMedia };
}
