/**
 * Preloaded (`node --import`) into each process that the simulator starts. Its standard input is a
 * pipe that the simulator holds open and never writes to: when the simulator ends in any way
 * (SIGKILL too), the pipe closes and this process exits.
 */
import { isMainThread } from 'node:worker_threads';

// Preloads run in worker threads too, whose own standard input is empty from the start.
if (isMainThread && process.env.DESKMATE_EXIT_WITH_PARENT === '1') {
  // Requests an orderly stop first; exits two seconds later in any case.
  const leave = () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 2000).unref();
  };
  process.stdin.on('end', leave).on('error', leave).resume();
  // The pipe alone must not keep a finished process alive.
  process.stdin.unref?.();
}
