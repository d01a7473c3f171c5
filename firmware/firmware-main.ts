import { parseArgs } from 'node:util';
import { type Logger, pino } from 'pino';
import { ConfigError } from '../hal/common/config-file.ts';
import { EX_CONFIG, EX_SOFTWARE } from '../hal/common/exit-codes.ts';
import { compose, type LogSink, openLogSink, type PowerOff, type Running } from './compose.ts';
import { type Config, loadConfig } from './config.ts';

/** Entry of the firmware process: `firmware --config FILE [--defaults FILE]`. */
async function main(): Promise<void> {
  const notes: string[] = [];
  const config = readConfig((line) => notes.push(line));
  const sink = openLogSink();
  const log = pino({ name: 'firmware', level: config.logLevel }, sink);
  sink.onDropped((lines) => log.warn({ lines }, 'log lines were dropped'));
  for (const line of notes) log.warn({}, line);
  let off: PowerOff = async () => {};
  endOnBug(log, sink, () => off());
  let running: Running | undefined;
  const end = once(async (signal: string) => {
    log.info({ signal }, 'stopping');
    const how = running ? await running.stop() : 'early';
    if (how !== 'stopped') await off();
    log.info({ how }, 'stopped');
    await sink.end();
    process.exit(how === 'late' ? EX_SOFTWARE : 0);
  });
  // Installed before anything is switched on, and also for a closed terminal: nothing stays on.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  // Installed early too: without a handler this signal kills the process and leaves the body on.
  process.on('SIGUSR2', () =>
    running
      ? log.info({ ...running.firmware.statistics }, 'loop statistics')
      : log.info({}, 'still starting: no loop statistics yet'),
  );
  const started = compose(config, log, (known) => {
    off = known;
  });
  running = await started.catch(async (error) => {
    await sink.end();
    throw error;
  });
  log.info({ board: config.board.name, link: config.link }, 'ready');
}

function readConfig(note: (line: string) => void): Config {
  const path = { type: 'string' } as const;
  const { config, defaults } = parseArgs({ options: { config: path, defaults: path } }).values;
  if (!config) throw new ConfigError('--config', 'expected a file');
  return loadConfig({ config, defaults }, note);
}

/**
 * On a bug: rails and torque off, then exit; the supervisor starts a new process. GPIO lines that
 * keep their level after the process has exited would keep the camera powered.
 */
function endOnBug(log: Logger, sink: LogSink, off: PowerOff): void {
  let begun = false;
  const end = (error: unknown): void => {
    // Errors of turning off are ignored: the first one is what matters.
    if (begun) return;
    begun = true;
    log.fatal({ error: error instanceof Error ? error.stack : String(error) }, 'bug');
    off()
      .catch(() => {})
      .then(() => sink.end())
      .finally(() => process.exit(EX_SOFTWARE));
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/** A second signal while stopping changes nothing. */
function once(act: (signal: string) => Promise<void>): (signal: string) => void {
  let begun = false;
  return (signal) => {
    if (begun) return;
    begun = true;
    void act(signal);
  };
}

main().catch((error: unknown) => {
  const config = error instanceof ConfigError;
  process.stderr.write(`firmware: ${config ? error.message : String(error)}\n`);
  process.exit(config ? EX_CONFIG : EX_SOFTWARE);
});
