/**
 * Interface for drivers that use child programs: camera and sound are GStreamer pipelines in
 * processes of their own, so that a codec that crashes or hangs affects nothing else.
 *
 * Implemented by hal/linux/gst/child-programs.ts (the system) and hal/fake/child.ts (scripted).
 */
export interface Programs {
  /**
   * Starts a program and resolves when it runs. Rejects with HardwareFault when it cannot be
   * started (not installed, may not be run). It never outlives this process.
   */
  start(plan: ProgramPlan): Promise<Child>;
}

export interface ProgramPlan {
  /** A name looked up in PATH, or a path. */
  readonly command: string;
  readonly args: readonly string[];
  /** The Debian package that contains it, for the message when it is not installed. */
  readonly comesWith?: string;
  /** Added to this process' environment. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Pipes on fd 3, 4, ... of the program, in this order. The program's ends are non-blocking
   * (O_NONBLOCK); it must use poll, as GStreamer's fdsink and fdsrc do. Standard input and output
   * are /dev/null.
   */
  readonly pipes: readonly PipePlan[];
  /** A line of its standard error, without the newline. Long lines are truncated. */
  readonly onLine: (line: string) => void;
}

export type PipePlan =
  | { readonly kind: 'fromChild'; readonly reader: PipeReader }
  /** The driver's end is in `Child.inputs`. */
  | { readonly kind: 'toChild' };

/** Provides the read buffer, so that bytes are copied once: from the kernel to where they are used. */
export interface PipeReader {
  /** The buffer for the next read, at least one byte. Called before each read. */
  room(): Uint8Array;
  /** `count` bytes were read into the start of the last buffer. */
  landed(count: number): void;
}

export interface ChildInput {
  /** Queues the bytes; they must not be changed until `unsentBytes` has fallen to 0. */
  write(bytes: Uint8Array): void;
  /** Queued, but not yet accepted by the kernel. The kernel itself buffers some 200 KB. */
  readonly unsentBytes: number;
}

export interface Child {
  readonly pid: number;
  /** The driver's ends of the `toChild` pipes, in the order of the plan. */
  readonly inputs: readonly ChildInput[];
  /** Resolves when it has exited and its last line and last byte were delivered. */
  readonly ended: Promise<ChildEnd>;
  /**
   * Sends SIGINT, then SIGKILL after `graceMs`, and resolves when it has exited. Readers get no data
   * after this call.
   */
  stop(graceMs: number): Promise<ChildEnd>;
}

/** How a program ended: one of the two is not null. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
}
