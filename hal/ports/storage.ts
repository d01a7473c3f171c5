/**
 * Small durable records of a process on the data partition. What `write` and `append` resolved
 * for survives a power cut.
 */
export interface Storage {
  /**
   * The whole file, or undefined when it does not exist. `name` is a plain file name. Rejects with
   * HardwareFault: `badData` for a file that is far too large to be one of ours, or for what is none.
   */
  read(name: string): Promise<string | undefined>;
  /**
   * Replaces the file atomically (temporary file, fsync, rename, fsync of the folder). A folder in its
   * place is renamed and kept.
   */
  write(name: string, text: string): Promise<void>;
  /** Appends one line (no newline inside) and syncs it. A torn last line is dropped by `readLines`. */
  append(name: string, line: string): Promise<void>;
  /** All complete lines; none when the file does not exist. */
  readLines(name: string): Promise<string[]>;
  remove(name: string): Promise<void>;
  /** Moves a file over whatever is at `to`, atomically. Nothing happens when `from` is not there. */
  rename(from: string, to: string): Promise<void>;
}
