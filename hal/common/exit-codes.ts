/** How our processes end when they cannot go on; numbers of sysexits.h (BSD). */

/** The command line cannot be meant. */
export const EX_USAGE = 64;
/** What was given as data cannot be read. */
export const EX_DATAERR = 65;
/** What it takes is not to be had now: a port, a device, another process. */
export const EX_UNAVAILABLE = 69;
/** A bug of ours. */
export const EX_SOFTWARE = 70;
/** A file cannot be written, a terminal is gone. */
export const EX_IOERR = 74;
/** This user may not. */
export const EX_NOPERM = 77;
/** The configuration is wrong: a supervisor must not start it again. */
export const EX_CONFIG = 78;
