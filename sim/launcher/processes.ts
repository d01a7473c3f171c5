/** The two processes of the robot as the simulator runs them: their configuration and command lines. */

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { agentEnvironment } from '../../agent/launch.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { IceServer } from '../network/relay.ts';
import { referenceCalibration } from '../world/geometry.ts';
import { type Folders, writeConfig } from '../../agent/host/folders.ts';
import type { LogKeeper } from '../../agent/host/log-keeper.ts';
import type { Options } from './options.ts';
import { commandWords, openChild, type Privileges } from '../../agent/host/spawn.ts';
import { Supervisor } from '../../agent/host/supervisor.ts';

export interface Places {
  /** The folder of bundles. */
  readonly dist: string;
  readonly scripts: string;
  readonly folders: Folders;
}

/** What the agent has to know of the simulated network. */
export interface Network {
  readonly broker: string;
  readonly brokerForPupils: string;
  readonly pupilPage: string;
  readonly ice: {
    readonly servers: readonly IceServer[];
    readonly policy: 'all' | 'relay';
  };
}

const board = 'deskmate-1';

export async function writeConfigs(
  options: Options,
  { dist, folders }: Places,
  network: Network,
): Promise<{ firmware: string; agent: string }> {
  const drivers = path.join(dist, 'sim-drivers.js');
  const { logLevel } = options;
  const [firmware, agent] = await Promise.all([
    writeConfig(folders, 'firmware', {
      board,
      drivers,
      link: folders.linkSocket,
      calibration: await writeConfig(folders, 'calibration', referenceCalibration),
      // A firmware that was killed remembers the teacher's pause; a new run begins without.
      state: path.join(folders.run, 'firmware'),
      logLevel,
    }),
    writeConfig(folders, 'agent', {
      robot: options.robot,
      broker: network.broker,
      brokerForPupils: network.brokerForPupils,
      page: network.pupilPage,
      link: folders.linkSocket,
      admin: folders.adminSocket,
      data: path.join(folders.data, 'agent'),
      drivers,
      board,
      ice: network.ice,
      logLevel,
    }),
  ]);
  return { firmware, agent };
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
