import type { InputLine, OutputLine } from '../../bus/gpio.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { gpioFault, lineCall } from './gpio-fault.ts';

/** One requested line of either library. Every call is synchronous, and may throw. */
export interface RawLine {
  read(): number;
  write(value: 0 | 1): unknown;
  release(): unknown;
}

export class KernelOutput implements OutputLine {
  private closed = false;

  constructor(
    private readonly line: RawLine,
    private readonly device: string,
    private readonly forget: () => void,
  ) {}

  async set(on: boolean): Promise<void> {
    lineCall(this.device, this.closed, 'set it', () => this.line.write(on ? 1 : 0));
  }

  async get(): Promise<boolean> {
    return lineCall(this.device, this.closed, 'read it', () => this.line.read() === 1);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    // A removed chip cannot be written; the line is released anyway.
    await this.set(false).catch(() => {});
    this.closed = true;
    this.forget();
    lineCall(this.device, false, 'give it back', () => this.line.release());
  }
}

/** An input; its edge source reports edges by `edge`. */
export class KernelInput implements InputLine {
  private readonly listeners = new Set<(on: boolean, atMs: number) => void>();
  private closed = false;
  private ended: string | undefined;

  constructor(
    private readonly line: RawLine,
    private readonly device: string,
    private readonly forget: () => void,
  ) {}

  async get(): Promise<boolean> {
    return lineCall(this.device, this.closed, 'read it', () => this.line.read() === 1);
  }

  get deaf(): string | undefined {
    return this.ended;
  }

  /** The edge source has stopped. */
  endEdges(why: string): void {
    this.ended = why;
  }

  onEdge(listener: (on: boolean, atMs: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  edge(on: boolean, atMs: number): void {
    for (const listener of [...this.listeners]) listener(on, atMs);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.forget();
    this.listeners.clear();
    lineCall(this.device, false, 'give it back', () => this.line.release());
  }
}

/**
 * Closes every line even if others fail: a line that cannot be released must not keep a rail
 * switched on. Failures are thrown at the end.
 */
export async function closeLines(
  chip: string,
  lines: Iterable<{ close(): Promise<void> }>,
): Promise<void> {
  const ends = await Promise.allSettled([...lines].map((line) => line.close()));
  const faults = ends
    .filter((end) => end.status === 'rejected')
    .map(({ reason }) => gpioFault(reason, chip, 'close a line'));
  const [first] = faults;
  if (!first) return;
  if (faults.length === 1) throw first;
  const messages = faults.map(({ message }) => message).join('; ');
  throw new HardwareFault(first.kind, chip, messages, { cause: first });
}
