/**
 * The seam below switches and buttons: lines of one GPIO chip, by offset. Values are logical: an
 * active-low line that is `true` has a low wire. All calls reject with HardwareFault and nothing
 * else. Implemented by hal/linux twice (character device, sysfs) and by hal/fake.
 */
export interface GpioChip {
  /** Chip and driver as a person knows them, for example `gpiochip0 (character device)`. */
  readonly name: string;
  /** Opens a line as an output that is off, with no glitch in between. */
  output(offset: number, options: LineOptions): Promise<OutputLine>;
  /** Opens a line as an input, with both edges reported. */
  input(offset: number, options: LineOptions): Promise<InputLine>;
  /** Closes all lines; outputs are off afterwards. */
  close(): Promise<void>;
}

export interface LineOptions {
  readonly activeLow: boolean;
  /** What the line is for; `gpioinfo` shows it where the driver can say it. */
  readonly consumer: string;
}

export interface OutputLine {
  set(on: boolean): Promise<void>;
  /** The level as the kernel reports it. */
  get(): Promise<boolean>;
  /** Off, then released. Idempotent. */
  close(): Promise<void>;
}

export interface InputLine {
  get(): Promise<boolean>;
  /** Every edge, not debounced. `atMs` is monotonic (Clock.now), of the edge where known. */
  onEdge(listener: (on: boolean, atMs: number) => void): () => void;
  /** Why no edge will be told any more; undefined while they are. */
  readonly deaf: string | undefined;
  close(): Promise<void>;
}
