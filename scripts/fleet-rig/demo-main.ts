/** The living fleet as people start it; scripts/start-fleet.mjs has built it. */
import path from 'node:path';
import { z } from 'zod';
import { OptionError, portUpTo, readGiven } from '../../agent/host/given.ts';
import { messageOf } from '../../hal/common/errors.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { openDemo } from './demo.ts';

const Options = z.object({
  /** Of the fleet page. */
  port: portUpTo(65_535).default(8400),
  state: z.string().min(1).default('.sim'),
});
const ROBOTS = 30;

/** Runs until Ctrl-C. Resolves with the exit code. */
export async function runFleetDemo(argv: string[], { root }: { root: string }): Promise<number> {
  const clock = new SystemClock();
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  });
  try {
    const { port, state } = readGiven(Options, argv, process.env);
    const folder = path.join(path.resolve(root, state), 'fleet');
    const swarmScript = path.join(root, 'dist', 'fleet-robots.js');
    console.log(`  ${ROBOTS} robots get ready ...`);
    const demo = await openDemo({ robots: ROBOTS, port, folder, swarmScript }, clock);
    console.log(`\n  Open    ${demo.url}\n  Key     ${demo.keyFile}  (of the central team)\n`);
    console.log('  30 robots in 4 schools, with a term of usage. Ctrl-C ends it.');
    await stopped;
    console.log('\n  stopping ...');
    await demo.rig.stop();
    return 0;
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const hint = taken ? '; give another one: make fleet PORT=8500' : '';
    process.stderr.write(`${messageOf(error)}${hint}\n`);
    return error instanceof OptionError ? error.exitCode : 1;
  }
}
