/**
 * A two-way stream of text lines: the local socket between agent and firmware, or two ends in one
 * process for tests. Imports no other module.
 */
export interface Pipe {
  /** Sends one line (no newline inside). Dropped when the other end is gone. */
  send(line: string): void;
  /** A line longer than the pipe's limit arrives as `undefined`. */
  onLine(listener: (line: string | undefined) => void): void;
  /** Called once, when the other end has closed or `close` was called. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Two connected ends. Delivery is on the microtask queue, in order, as over a socket. */
export function memoryPipe(): [Pipe, Pipe] {
  const left = new MemoryEnd();
  const right = new MemoryEnd();
  left.other = right;
  right.other = left;
  return [left, right];
}

class MemoryEnd implements Pipe {
  other: MemoryEnd | undefined;
  private open = true;
  private lineListener: (line: string | undefined) => void = () => {};
  private closeListeners: (() => void)[] = [];

  send(line: string): void {
    const other = this.other;
    if (!this.open || !other) return;
    queueMicrotask(() => {
      if (other.open) other.lineListener(line);
    });
  }

  onLine(listener: (line: string | undefined) => void): void {
    this.lineListener = listener;
  }

  onClose(listener: () => void): void {
    this.closeListeners.push(listener);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    for (const listener of this.closeListeners) listener();
    this.other?.close();
  }
}
