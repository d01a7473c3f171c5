import type { Log } from '../../hal/ports/log.ts';

type Called<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string };

/**
 * Every call into the native library, and every call out of it, goes through here. The library
 * throws wherever something is gone by the time it is called (a channel that closed a moment ago, a
 * connection that failed on another thread), and no look beforehand can rule that out. An exception
 * in a callback of it would end the process, and with it the lesson.
 */
export class NativeCalls {
  private readonly said = new Set<string>();

  /** `onBug`: our own code threw in a callback; what it belongs to is not to be trusted any more. */
  constructor(
    private readonly log: Log,
    private readonly onBug: () => void = () => {},
  ) {}

  call<T>(name: string, act: () => T): Called<T> {
    try {
      return { ok: true, value: act() };
    } catch (error) {
      return this.failed(name, error);
    }
  }

  async wait<T>(name: string, act: () => Promise<T>): Promise<Called<T>> {
    try {
      return { ok: true, value: await act() };
    } catch (error) {
      return this.failed(name, error);
    }
  }

  /** `act` as a callback that may be handed to the library. */
  callback<A extends unknown[]>(name: string, act: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      try {
        act(...args);
      } catch (error) {
        const stack = error instanceof Error ? error.stack : String(error);
        this.log.error({ callback: name, error: stack }, 'bug in a callback of the media library');
        this.onBug();
      }
    };
  }

  /** Logged once a kind: a closed channel is written to many times a second. */
  private failed(name: string, error: unknown): { ok: false; why: string } {
    const why = inOneLine(error);
    if (!this.said.has(name)) this.log.warn({ call: name, error: why }, 'media library refused');
    this.said.add(name);
    return { ok: false, why };
  }
}

/** Short, so that no piece of an SDP gets into a log. */
function inOneLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replace(/\s+/g, ' ').slice(0, 120);
}
