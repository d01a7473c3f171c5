/** How the simulator is started: environment (from make) and flags, flags first. */
import path from 'node:path';
import { z } from 'zod';
import { logLevel, portUpTo, readGiven, robotName } from '../../agent/host/given.ts';
import { givenAddress } from '../../agent/host/reach.ts';

const Options = z.object({
  /** Pages, WebSockets and the API; the next port is that of others, by HTTPS. 0: two that are free. */
  port: portUpTo(65_535).default(8300),
  /** MQTT over TCP, on this machine only; another one is taken when it is in use. */
  mqttPort: portUpTo(65_535).default(18831),
  /** Where pupils connect: this computer only, an address of it, or 0.0.0.0 for all. */
  host: z.string().min(1).default('127.0.0.1'),
  address: givenAddress,
  /** What the simulated robot remembers: keys, bound devices, usage. */
  state: z.string().min(1).default('.sim'),
  robot: robotName.default('sim-1'),
  /** A week plan or an iCalendar file for the robot; `none`: without one; absent: as it was. */
  timetable: z.string().min(1).optional(),
  logLevel,
});
export type Options = z.infer<typeof Options>;

/** Throws OptionError, one line. Relative files are relative to `folder`. */
export function readOptions(argv: string[], env: NodeJS.ProcessEnv, folder: string): Options {
  const given = readGiven(Options, argv, env);
  const { timetable } = given;
  return {
    ...{ ...given, state: path.resolve(folder, given.state) },
    ...(timetable !== undefined && {
      timetable: timetable === 'none' ? timetable : path.resolve(folder, timetable),
    }),
  };
}
