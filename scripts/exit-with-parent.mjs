/**
 * Preloaded (`node --import`) into each process that the simulator starts. Its standard input is a
 * pipe that the simulator holds open and never writes to: when the simulator goes, however it goes
 * (SIGKILL too), the pipe ends and this process goes with it.
 */
import { isMainThread } from 'node:worker_threads';

// Preloads run in worker threads too, whose own standard input is empty from the start.
if (isMainThread && process.env.DESKMATE_EXIT_WITH_PARENT === '1') {
  // Asks for an orderly stop first; two seconds later it is over in any case.
  const leave = () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 2000).unref();
  };
  process.stdin.on('end', leave).on('error', leave).resume();
  // The pipe must not be what keeps a process alive that has ended its work.
  process.stdin.unref?.();
}
