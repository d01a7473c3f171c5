/** The agent process: `node agent.js --config FILE`. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { type Logger, pino } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { openAgent, type Running } from './compose.ts';
import { type Config, ConfigError, EXIT_CONFIG, parseConfig } from './config.ts';

/** EX_USAGE and EX_SOFTWARE of sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_SOFTWARE = 70;

async function main(path: string): Promise<void> {
  // The garbage of 50 body messages and 200 sound chunks a second dies at once: a small nursery
  // collects it as well as the 32 MB that V8 would take in time.
  setFlagsFromString('--semi-space-growth-factor=1');
  const notes: string[] = [];
  const config = await readConfig(path, (line) => notes.push(line));
  const log = pino({ level: config.logLevel, base: { process: 'agent', robot: config.robot } });
  endOnBug(log);
  for (const line of notes) log.warn({ file: path }, line);
  let agent: Running | undefined;
  stopOnSignal(() => agent, log);
  agent = await openAgent(config, manifest.version, log);
  log.info({ version: manifest.version, startMs: Math.round(process.uptime() * 1_000) }, 'ready');
}

function configPath(): string {
  try {
    const { values } = parseArgs({ options: { config: { type: 'string' } } });
    if (values.config) return values.config;
  } catch {
    // Said below.
  }
  process.stderr.write('usage: agent --config FILE\n');
  process.exit(EXIT_USAGE);
}

async function readConfig(path: string, note: (line: string) => void): Promise<Config> {
  return parseConfig(await readFile(path, 'utf8').catch(() => undefined), note);
}

/**
 * Stops once, in order, then leaves by `process.exit`: the WebRTC library crashes when the process
 * ends by itself. What has not started yet has nothing to stop.
 */
function stopOnSignal(started: () => Running | undefined, log: Logger): void {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    const how = (await started()?.stop()) ?? 'stopped';
    log.info({ how }, 'stopped');
    process.exit(how === 'late' ? EXIT_SOFTWARE : 0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => void stop(signal).catch((error) => die(log, error)));
}

/** A bug leaves no half-alive agent behind: the supervisor starts a fresh one. */
function endOnBug(log: Logger): void {
  process.on('uncaughtException', (error) => die(log, error));
  process.on('unhandledRejection', (error) => die(log, error));
}

function die(log: Logger, error: unknown): void {
  log.fatal({ error: error instanceof Error ? error.stack : String(error) }, 'bug');
  process.exit(EXIT_SOFTWARE);
}

const path = configPath();
main(path).catch((error: unknown) => {
  const known = error instanceof ConfigError;
  process.stderr.write(known ? `${path}: ${error.message}\n` : `${String(error)}\n`);
  process.exit(known ? EXIT_CONFIG : EXIT_SOFTWARE);
});
