/** The two processes of the robot on one computer: their command lines. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Folders } from './folders.ts';
import type { LogKeeper } from './log-keeper.ts';
import { agentEnvironment, commandWords, openChild, type Privileges } from './spawn.ts';
import { Supervisor } from './supervisor.ts';

export interface Places {
  /** The folder of bundles. */
  readonly dist: string;
  readonly scripts: string;
  readonly folders: Folders;
}

export interface Processes {
  readonly firmware: Supervisor;
  readonly agent: Supervisor;
}

export function openProcesses(
  clock: Clock,
  { dist, scripts, folders }: Places,
  configs: { firmware: string; agent: string },
  privileges: Privileges,
  log: LogKeeper,
  changed: () => void,
  /** For both processes, beside what they inherit. */
  extra: Readonly<Record<string, string>> = { DESKMATE_WORLD: folders.worldSocket },
): Processes {
  const preload = pathToFileURL(path.join(scripts, 'exit-with-parent.mjs')).href;
  const supervise = (name: 'firmware' | 'agent', realTime: boolean): Supervisor => {
    const env = name === 'agent' ? { ...extra, ...agentEnvironment } : extra;
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
  return { firmware: supervise('firmware', true), agent: supervise('agent', false) };
}
