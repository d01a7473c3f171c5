/**
 * Interface below switches and buttons: lines of one GPIO chip, by offset. Values are logical: an
 * active-low line that is `true` is electrically low. All calls reject only with HardwareFault.
 * Implemented by hal/linux (character device and sysfs) and by hal/fake.
 */
export interface GpioChip {
  /** Name of chip and driver for people, for example `gpiochip0 (character device)`. */
  readonly name: string;
  /** Opens a line as an output that is off, without a glitch. */
  output(offset: number, options: LineOptions): Promise<OutputLine>;
  /** Opens a line as an input, with both edges reported. */
  input(offset: number, options: LineOptions): Promise<InputLine>;
  /** Closes all lines; outputs are off afterwards. */
  close(): Promise<void>;
}

export interface LineOptions {
  readonly activeLow: boolean;
  /** What the line is for; shown by `gpioinfo` where the driver supports it. */
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
  /** Why edges are no longer reported; undefined while they are. */
  readonly deaf: string | undefined;
  close(): Promise<void>;
}
