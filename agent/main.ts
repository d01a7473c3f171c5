/** The agent process: `node agent.js --config FILE [--defaults FILE]`. */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { type Logger, pino } from 'pino';
import { ConfigError } from '../hal/common/config-file.ts';
import type { ConfigPlace } from '../hal/common/config-layers.ts';
import { EX_CONFIG, EX_SOFTWARE, EX_USAGE } from '../hal/common/exit-codes.ts';
import manifest from '../package.json' with { type: 'json' };
import { type LogSink, openAgent, openLogSink, type Running } from './compose.ts';
import { type LoadedConfig, loadConfig } from './config.ts';

async function main(place: ConfigPlace): Promise<void> {
  // The garbage of 50 body messages and 200 sound chunks a second dies at once: a small nursery
  // collects it as well as the 32 MB that V8 would take in time.
  setFlagsFromString('--semi-space-growth-factor=1');
  const notes: { readonly line: string; readonly file: string }[] = [];
  const loaded = loadConfig(place, (line, file) => notes.push({ line, file }));
  const { config } = loaded;
  const sink = openLogSink();
  const log = pino(
    { level: config.logLevel, base: { process: 'agent', robot: config.robot } },
    sink,
  );
  sink.onDropped((lines) => log.warn({ lines }, 'log lines were dropped'));
  const die = dieWith(log, sink);
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  for (const { line, file } of notes) log.warn({ file }, line);
  let agent: Running | undefined;
  stopOnSignal(async (signal) => {
    log.info({ signal }, 'stopping');
    // What has not started yet has nothing to stop.
    const how = (await agent?.stop()) ?? 'stopped';
    log.info({ how }, 'stopped');
    await sink.end();
    process.exit(how === 'late' ? EX_SOFTWARE : 0);
  }, die);
  try {
    agent = await openAgent(config, manifest.version, log);
  } catch (error) {
    await sink.end();
    throw inItsFile(error, loaded);
  }
  log.info({ version: manifest.version, startMs: Math.round(process.uptime() * 1_000) }, 'ready');
}

function configPlace(): ConfigPlace {
  try {
    const path = { type: 'string' } as const;
    const { config, defaults } = parseArgs({ options: { config: path, defaults: path } }).values;
    if (config) return { config, defaults };
  } catch {
    // Said below.
  }
  process.stderr.write('usage: agent --config FILE [--defaults FILE]\n');
  process.exit(EX_USAGE);
}

/** What a field names may be wrong though the field is not: a driver, a certificate. */
function inItsFile(error: unknown, { fileOf }: LoadedConfig): unknown {
  if (!(error instanceof ConfigError)) return error;
  return new ConfigError(error.field, error.expected, fileOf(error.field));
}

/**
 * Stops once, in order, then leaves by `process.exit`: the WebRTC library crashes when the process
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

/** A bug leaves no half-alive agent behind: the supervisor starts a fresh one. */
function dieWith(log: Logger, sink: LogSink): (bug: unknown) => void {
  let begun = false;
  return (bug) => {
    // What follows from the first bug is not the one to know.
    if (begun) return;
    begun = true;
    log.fatal({ error: bug instanceof Error ? bug.stack : String(bug) }, 'bug');
    void sink.end().finally(() => process.exit(EX_SOFTWARE));
  };
}

const place = configPlace();
main(place).catch((error: unknown) => {
  const known = error instanceof ConfigError;
  const where = known && error.file === undefined ? `${place.config}: ` : '';
  process.stderr.write(`${known ? `${where}${error.message}` : String(error)}\n`);
  process.exit(known ? EX_CONFIG : EX_SOFTWARE);
});
