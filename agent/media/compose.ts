/** The media process' composition root: it picks the driver for each port. */
import { pathToFileURL } from 'node:url';
import { LinkServer } from '../../firmware/link/server.ts';
import { findBoard } from '../../hal/boards/board-file.ts';
import { ConfigError } from '../../hal/common/config-file.ts';
import { LogSink, stdoutOutlet } from '../../hal/linux/log/log-sink.ts';
import { openSupervisor } from '../../hal/linux/systemd/notify.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import type { DriverModule } from '../../hal/ports/drivers.ts';
import type { Log } from '../../hal/ports/log.ts';
import { MAX_MEDIA_LINE_BYTES } from '../media-link/schema.ts';
import { type Running, supervised } from '../process/run-process.ts';
import { CodeThread } from './code-thread.ts';
import type { MediaConfig } from './config.ts';
import { MediaService } from './media-service.ts';
import { RelayWays } from './relay-tunnels.ts';
import { wrtcPeers } from './wrtc-peer.ts';

export const openLogSink = (): LogSink => new LogSink(stdoutOutlet(), new SystemClock());

export async function openMediaProcess(
  { board, drivers, socket }: MediaConfig,
  _version: string,
  log: Log,
): Promise<Running> {
  const clock = new SystemClock();
  const { openMedia } = await loadDrivers(drivers);
  const logLine = (line: string): void => log.info({}, line);
  const hardware = await openMedia({ clock, board: findBoard(board), logLine });
  const ways = new RelayWays(clock, log);
  const service = new MediaService({
    ...{ clock, log, hardware },
    // Built beside this process (scripts/build.mjs).
    decoder: new CodeThread(new URL('./code-worker.js', import.meta.url)),
    openPeer: (events, ice) => {
      const { policy } = ice();
      return wrtcPeers({ clock, log, policy, servers: () => ice().servers })(events);
    },
    reach: (servers, relayCa) => ways.to(servers, relayCa),
    // As if the supervisor had asked: an orderly exit, then a restart.
    onQuit: () => process.kill(process.pid, 'SIGTERM'),
  });
  const server = new LinkServer(socket, (pipe) => service.attach(pipe), {
    ...{ clock, log, maxLineBytes: MAX_MEDIA_LINE_BYTES },
  });
  await server.listen();
  const supervisor = await openSupervisor({ logLine: (line) => log.warn({}, line) });
  return supervised(supervisor, clock, async () => {
    await Promise.all([server.close(), service.close()]);
    ways.close();
  });
}

async function loadDrivers(path: string): Promise<Pick<DriverModule, 'openMedia'>> {
  const module: Partial<DriverModule> = await import(pathToFileURL(path).href).catch((error) => {
    throw new ConfigError('drivers', `expected a module at ${path}: ${String(error)}`);
  });
  const { openMedia } = module;
  if (typeof openMedia !== 'function')
    throw new ConfigError('drivers', `expected ${path} to export openMedia`);
  return { openMedia };
}
