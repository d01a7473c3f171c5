/** Life of an agent or media process: `node NAME.js --config FILE [--defaults FILE]`. */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { type Logger, pino } from 'pino';
import { within } from '../../hal/common/asynchrony.ts';
import { ConfigError, type Note } from '../../hal/common/config-file.ts';
import type { ConfigPlace } from '../../hal/common/config-layers.ts';
import { EX_CONFIG, EX_SOFTWARE, EX_USAGE } from '../../hal/common/exit-codes.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Supervisor } from '../../hal/ports/supervisor.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { LoadedConfig } from './config.ts';

/** Time limit of an orderly stop. */
const STOP_MS = 1_900;

export interface Running {
  /** Stops in order; `late` when something did not finish in time. */
  stop(): Promise<'stopped' | 'late'>;
}

/** The log's destination; see LogSink of hal/linux. */
interface Sink {
  write(line: string): void;
  onDropped(say: (lines: number) => void): void;
  end(): Promise<void>;
}

interface ProcessParts<C, S extends Sink> {
  /** The name in the usage text, and in each line of the log. */
  readonly name: string;
  /** Throws ConfigError. */
  readonly load: (place: ConfigPlace, note: Note) => LoadedConfig<C>;
  /** Further fields of each line of the log. */
  readonly logFields: (config: C) => object;
  readonly openLogSink: () => S;
  readonly open: (
    config: C,
    version: string,
    log: Log,
    logging: {
      readonly sink: S;
      /** At run time; undefined: as configured. */
      setLevel(level: string | undefined): void;
    },
  ) => Promise<Running>;
}

/** Runs until a signal or a bug ends it. */
export function runProcess<C extends { readonly logLevel: string }, S extends Sink>(
  parts: ProcessParts<C, S>,
): void {
  const place = configPlace(parts.name);
  run(place, parts).catch((error: unknown) => {
    const known = error instanceof ConfigError;
    const where = known && error.file === undefined ? `${place.config}: ` : '';
    process.stderr.write(`${known ? `${where}${error.message}` : String(error)}\n`);
    process.exit(known ? EX_CONFIG : EX_SOFTWARE);
  });
}

/** Sends readiness and watchdog keep-alives to the supervisor; limits `stop` to STOP_MS. */
export function supervised(
  supervisor: Supervisor,
  clock: Clock,
  stop: () => Promise<unknown>,
): Running {
  supervisor.ready();
  const { watchdogMs } = supervisor;
  // A blocked event loop leads to a restart, so that nobody is left with a frozen picture.
  const watch =
    watchdogMs === undefined ? undefined : clock.every(watchdogMs / 3, () => supervisor.alive());
  const inOrder = async (): Promise<'stopped'> => {
    supervisor.stopping();
    watch?.cancel();
    await stop();
    return 'stopped';
  };
  return { stop: () => within(clock, STOP_MS, inOrder(), () => 'late' as const) };
}

async function run<C extends { readonly logLevel: string }, S extends Sink>(
  place: ConfigPlace,
  { name, load, logFields, openLogSink, open }: ProcessParts<C, S>,
): Promise<void> {
  // The garbage of 50 body messages and 200 sound chunks a second is short-lived: a small young
  // generation collects it as well as the 32 MB that V8 would grow to.
  setFlagsFromString('--semi-space-growth-factor=1');
  const notes: { readonly line: string; readonly file: string }[] = [];
  const loaded = load(place, (line, file) => notes.push({ line, file }));
  const { config } = loaded;
  const sink = openLogSink();
  const log = pino({ level: config.logLevel, base: { process: name, ...logFields(config) } }, sink);
  sink.onDropped((lines) => log.warn({ lines }, 'log lines were dropped'));
  const die = dieWith(log, sink);
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  for (const { line, file } of notes) log.warn({ file }, line);
  let running: Running | undefined;
  stopOnSignal(async (signal) => {
    log.info({ signal }, 'stopping');
    // Nothing to stop if it has not started yet.
    const how = (await running?.stop()) ?? 'stopped';
    log.info({ how }, 'stopped');
    await sink.end();
    process.exit(how === 'late' ? EX_SOFTWARE : 0);
  }, die);
  try {
    const setLevel = (level: string | undefined): void => {
      log.level = level ?? config.logLevel;
    };
    running = await open(config, manifest.version, log, { sink, setLevel });
  } catch (error) {
    await sink.end();
    throw withFile(error, loaded);
  }
  log.info({ version: manifest.version, startMs: Math.round(process.uptime() * 1_000) }, 'ready');
}

function configPlace(name: string): ConfigPlace {
  try {
    const path = { type: 'string' } as const;
    const { config, defaults } = parseArgs({ options: { config: path, defaults: path } }).values;
    if (config) return { config, defaults };
  } catch {
    // Reported below.
  }
  process.stderr.write(`usage: ${name} --config FILE [--defaults FILE]\n`);
  process.exit(EX_USAGE);
}

/** Adds the file of the field, also when what the field names (driver, certificate) is at fault. */
function withFile(error: unknown, { fileOf }: LoadedConfig<unknown>): unknown {
  if (!(error instanceof ConfigError)) return error;
  return new ConfigError(error.field, error.expected, fileOf(error.field));
}

/**
 * Stops once, in order, then exits with `process.exit`: the WebRTC library crashes when the process
 * ends by itself.
 */
function stopOnSignal(stop: (signal: string) => Promise<void>, die: (bug: unknown) => void): void {
  let stopping = false;
  const begin = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    stop(signal).catch(die);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, begin);
}

/** After a bug the process exits, and the supervisor starts a fresh one. */
function dieWith(log: Logger, sink: Sink): (bug: unknown) => void {
  let begun = false;
  return (bug) => {
    // Only the first bug is of interest; others may follow from it.
    if (begun) return;
    begun = true;
    log.fatal({ error: bug instanceof Error ? bug.stack : String(bug) }, 'bug');
    void sink.end().finally(() => process.exit(EX_SOFTWARE));
  };
}
