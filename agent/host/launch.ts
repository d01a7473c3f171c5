/**
 * What the agent's process is to be started with, by whatever starts it (the simulator's launcher,
 * a service unit). The C library reads these once, before any of our code runs.
 *
 * The media library works in a dozen threads, and glibc would give each its own arena: video
 * buffers freed by one thread are then not used again by another, and memory grows by 10-20 MB a
 * session. Two arenas, and buffers of 128 KB or more returned to the system, keep it level.
 */
export const agentEnvironment: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
};
