import { execFile } from 'node:child_process';
import { HardwareFault } from '../../ports/fault.ts';
import { findProgram } from '../gst/child-programs.ts';

/** A camera that does not answer its driver; usually it takes some milliseconds. */
const LIMIT_MS = 5_000;

/** What the device says of itself and of its modes, also while another program uses it. */
export async function listWithV4l2Ctl(file: string): Promise<string> {
  const program = await findProgram('v4l2-ctl');
  if (program === undefined)
    throw new HardwareFault(
      'noAnswer',
      'v4l2-ctl',
      'this program is not installed; install it: apt install v4l-utils',
    );
  const args = ['--device', file, '--info', '--list-formats-ext'];
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { timeout: LIMIT_MS, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const why = stderr.trim().split('\n')[0] || 'no word';
        reject(
          error.killed
            ? new HardwareFault(
                'timeout',
                `camera (${file})`,
                'its driver does not answer; unplug it and plug it in again',
              )
            : new HardwareFault(
                'noAnswer',
                `camera (${file})`,
                `cannot be asked for its modes (${why})`,
              ),
        );
      },
    );
  });
}
