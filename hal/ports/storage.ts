/**
 * Small durable records of a process on the data partition. Data survives a power cut once `write`
 * or `append` has resolved.
 */
export interface Storage {
  /**
   * The whole file, or undefined when it does not exist. `name` is a plain file name. Rejects with
   * HardwareFault: `badData` for a file that is far too large, or that is not a regular file.
   */
  read(name: string): Promise<string | undefined>;
  /**
   * Replaces the file atomically (temporary file, fsync, rename, fsync of the folder). A folder in its
   * place is renamed and kept.
   */
  write(name: string, text: string): Promise<void>;
  /** Appends one line (no newline inside) and syncs it. `readLines` drops an incomplete last line. */
  append(name: string, line: string): Promise<void>;
  /** All complete lines; none when the file does not exist. */
  readLines(name: string): Promise<string[]>;
  remove(name: string): Promise<void>;
  /** Renames a file atomically, replacing `to`. No effect when `from` does not exist. */
  rename(from: string, to: string): Promise<void>;
  /** Names of all records, sorted; without files that no record can be, such as hidden ones. */
  list(): Promise<string[]>;
}
