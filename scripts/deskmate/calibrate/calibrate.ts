import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Config, loadConfig } from '../../../firmware/config.ts';
import {
  type Calibration,
  calibrationText,
  parseCalibration,
} from '../../../hal/boards/calibration.ts';
import { ConfigError } from '../../../hal/common/config-file.ts';
import type { ConfigPlace } from '../../../hal/common/config-layers.ts';
import { EX_CONFIG, EX_UNAVAILABLE } from '../../../hal/common/exit-codes.ts';
import { socketAnswers } from '../../../hal/common/unix-socket.ts';
import { FileStorage } from '../../../hal/linux/storage/file-storage.ts';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import type { BodyHardware } from '../../../hal/ports/body.ts';
import type { DriverModule } from '../../../hal/ports/drivers.ts';
import { type Language, translator } from '../command/language.ts';
import { HeadBench } from './bench.ts';
import { CalibrationFailed } from './problem.ts';
import { calibrateHead } from './procedure.ts';
import { TerminalOperator, type TerminalStreams, watchLeaving } from './terminal.ts';
import { calibrateWords, problemText, type Say } from './words.ts';

/** Initial letters of "yes" in the supported languages. */
const YES = 'yj';

/** Firmware's configuration names board, drivers and the calibration file. */
interface CalibrateOptions extends ConfigPlace {
  readonly language: Language;
}

/** Resolves with an exit status; every failure is reported in one line. */
export async function calibrate(
  options: CalibrateOptions,
  streams: TerminalStreams,
): Promise<number> {
  const words = translator(calibrateWords, options.language);
  const complain = (line: string, status: number): number => {
    streams.output.write(`${line}\n`);
    return status;
  };
  let config: Config;
  try {
    config = loadConfig(options);
  } catch (error) {
    const why = error instanceof ConfigError ? error.message : `${options.config}: ${error}`;
    return complain(why, EX_CONFIG);
  }
  if (await socketAnswers(config.link)) return complain(words('firmwareRuns'), EX_UNAVAILABLE);
  const leaving = watchLeaving(process, streams);
  try {
    const logLine = (line: string) => streams.output.write(`${line}\n`);
    const body = await openHead(config, logLine).catch((error: unknown) => String(error));
    if (typeof body === 'string') return complain(body, EX_UNAVAILABLE);
    try {
      if (!complete(body))
        return complain(words('noHead', { board: config.board.name }), EX_UNAVAILABLE);
      return await walkThrough(config, body, words, streams, leaving.signal);
    } finally {
      await body.close();
    }
  } finally {
    leaving.end();
  }
}

async function openHead(
  { drivers, board }: Config,
  logLine: (line: string) => void,
): Promise<BodyHardware> {
  const { openBody } = (await import(pathToFileURL(drivers).href)) as DriverModule;
  return openBody({ clock: new SystemClock(), board, logLine });
}

async function walkThrough(
  config: Config,
  body: BodyHardware,
  words: Say,
  streams: TerminalStreams,
  leaving: AbortSignal,
): Promise<number> {
  const clock = new SystemClock();
  const operator = new TerminalOperator(streams, config.board, words, clock);
  leaving.addEventListener('abort', () => operator.cancel());
  if (leaving.aborted) operator.cancel();
  try {
    operator.say(`${words('title')} (${config.board.name})\n${words('intro')}`);
    const encoders = { pan: body.panEncoder, tilt: body.tiltEncoder };
    const bench = new HeadBench(body.servos, encoders, clock);
    const found = await calibrateHead(bench, config.board, operator);
    operator.say(summary(found));
    const keep = await operator.confirm(words('save', { file: config.calibration }), YES);
    if (keep) await save(config.calibration, found);
    operator.say(keep ? words('saved', { file: config.calibration }) : words('notSaved'));
    return 0;
  } catch (error) {
    if (!(error instanceof CalibrationFailed)) throw error;
    operator.say(`\n${problemText(words, error.problem)}`);
    return 1;
  } finally {
    operator.close();
  }
}

/** Atomic; the previous file is kept beside it. */
export async function save(file: string, calibration: Calibration): Promise<void> {
  const text = calibrationText(calibration);
  parseCalibration(text, file);
  const storage = await FileStorage.open(dirname(file));
  const before = await storage.read(basename(file));
  if (before !== undefined) await storage.write(`${basename(file)}.previous`, before);
  await storage.write(basename(file), text);
}

function summary(calibration: Calibration): string {
  return (['pan', 'tilt'] as const)
    .map((axis) => {
      const { zeroUs, usPerDeg, minUs, maxUs, encoderZeroDeg, encoderDirection } =
        calibration[axis];
      return `  ${axis.padEnd(5)} ${zeroUs} µs at 0°, ${usPerDeg} µs/°, ${minUs}..${maxUs} µs, encoder ${encoderZeroDeg}° ${encoderDirection > 0 ? '+' : '−'}`;
    })
    .join('\n');
}

const complete = ({ servos, panEncoder, tiltEncoder }: BodyHardware): boolean =>
  servos.present && panEncoder.present && tiltEncoder.present;
