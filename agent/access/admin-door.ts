import type { Timer } from '../../hal/ports/clock.ts';
import { type AdminParts, AdminSocket } from './admin-socket.ts';

/** A place that somebody else holds may be free by then. */
const REOPEN_MS = 5_000;

/**
 * The admin socket, or the attempts to open it: a file in its place takes the staff's tools away,
 * not the lesson. Told by the log alone, as who would ask is not heard.
 */
export class AdminDoor {
  private socket: AdminSocket | undefined;
  private retry: Timer | undefined;
  private closed = false;
  private said = '';

  private constructor(private readonly parts: AdminParts) {}

  /** Resolves after the first attempt. */
  static async open(parts: AdminParts): Promise<AdminDoor> {
    const door = new AdminDoor(parts);
    await door.attempt();
    return door;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.retry?.cancel();
    await this.socket?.close();
  }

  private async attempt(): Promise<void> {
    const { clock, log, path } = this.parts;
    try {
      this.socket = await AdminSocket.open(this.parts);
      if (this.closed) await this.socket.close();
    } catch (error) {
      const why = String(error);
      if (why !== this.said)
        log.error(
          { path, error: why },
          'staff tools cannot reach the agent; is a file in its place?',
        );
      this.said = why;
      if (!this.closed) this.retry = clock.after(REOPEN_MS, () => void this.attempt());
    }
  }
}
