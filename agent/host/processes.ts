/** The processes of the robot on one computer: their command lines. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Folders } from './folders.ts';
import type { LogCollector } from './log-collector.ts';
import { commandWords, mallocEnvironment, openChild, type Privileges } from './spawn.ts';
import { Supervisor } from './supervisor.ts';

export interface Places {
  /** The folder of bundles. */
  readonly dist: string;
  readonly scripts: string;
  readonly folders: Folders;
}

export type ProcessName = 'firmware' | 'media' | 'agent';
/** The configuration file of each process. */
export type Configs = Readonly<Record<ProcessName, string>>;
export type Processes = Readonly<Record<ProcessName, Supervisor>>;

/** In the order in which they are stopped: who uses another goes before it. */
export const inOrder = ({ agent, media, firmware }: Processes): Supervisor[] => [
  agent,
  media,
  firmware,
];

export function openProcesses(
  clock: Clock,
  { dist, scripts, folders }: Places,
  configs: Configs,
  privileges: Privileges,
  log: LogCollector,
  changed: () => void,
  /** For all of them, beside what they inherit. */
  extra: Readonly<Record<string, string>> = { DESKMATE_WORLD: folders.worldSocket },
): Processes {
  const preload = pathToFileURL(path.join(scripts, 'exit-with-parent.mjs')).href;
  const supervise = (name: ProcessName, realTime: boolean): Supervisor => {
    const env = name === 'firmware' ? extra : { ...extra, ...mallocEnvironment };
    const line = {
      script: path.join(dist, `${name}.js`),
      args: ['--config', configs[name]],
      env,
      realTime,
    };
    const words = commandWords(line, privileges, preload);
    const open = () => openChild(words, env, (said) => log.take(name, said));
    return new Supervisor(clock, name, open, (report) => {
      const { state, lastExit, givenUp } = report;
      if (state === 'waiting') log.warn(name, `ended (${lastExit}), starts again`);
      if (givenUp) log.warn(name, `ended (${lastExit}) and would again; see ${folders.log}`);
      changed();
    });
  };
  return {
    firmware: supervise('firmware', true),
    media: supervise('media', false),
    agent: supervise('agent', false),
  };
}
