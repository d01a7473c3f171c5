/**
 * The seam below drivers that let another program work for them: camera and sound are GStreamer
 * pipelines in processes of their own, so that a codec that crashes or hangs takes nothing with it.
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
  /** A name that is looked up in PATH, or a path. */
  readonly command: string;
  readonly args: readonly string[];
  /** The Debian package that brings it, for when it is not installed. */
  readonly comesWith?: string;
  /** Added to this process' environment. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Pipes on fd 3, 4, ... of the program, in this order. They do not block at the program's end
   * (O_NONBLOCK): it waits with poll, as GStreamer's fdsink and fdsrc do. Standard input and output
   * are /dev/null.
   */
  readonly pipes: readonly PipePlan[];
  /** A line of its standard error, without the newline. Long ones are cut. */
  readonly onLine: (line: string) => void;
}

export type PipePlan =
  | { readonly kind: 'fromChild'; readonly reader: PipeReader }
  /** The driver's end is found in `Child.inputs`. */
  | { readonly kind: 'toChild' };

/** Says where bytes land, so that they are copied once: from the kernel to where they are used. */
export interface PipeReader {
  /** Where the next bytes go; at least one byte of room. Asked before each read. */
  room(): Uint8Array;
  /** `count` bytes have landed at the start of the last room. */
  landed(count: number): void;
}

export interface ChildInput {
  /** Takes the bytes; they may not be changed until `unsentBytes` has fallen to 0. */
  write(bytes: Uint8Array): void;
  /** Taken, but not yet accepted by the kernel. The kernel itself holds some 200 KB. */
  readonly unsentBytes: number;
}

export interface Child {
  readonly pid: number;
  /** The driver's ends of the `toChild` pipes, in the order of the plan. */
  readonly inputs: readonly ChildInput[];
  /** Resolves when it is gone, its last line was told and its last byte has landed. */
  readonly ended: Promise<ChildEnd>;
  /**
   * Asks it to end (SIGINT), kills it when it has not after `graceMs`, and resolves when it is gone.
   * Nothing lands in readers from the moment of the call.
   */
  stop(graceMs: number): Promise<ChildEnd>;
}

/** How a program ended: one of the two is not null. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
}
