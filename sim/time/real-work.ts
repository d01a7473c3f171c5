/**
 * Work of the machine's own that simulated time waits for: cryptography runs on threads of its own,
 * and takes as long as a busy machine lets it. Without this, time runs ahead of a signature, and a
 * test fails for being slow.
 */

const METHODS = [
  ...['decrypt', 'deriveBits', 'deriveKey', 'digest', 'encrypt', 'exportKey', 'generateKey'],
  ...['importKey', 'sign', 'unwrapKey', 'verify', 'wrapKey'],
] as const;

const pending = new Set<Promise<unknown>>();
let watched = false;

/** From now on the cryptography of this process is counted. */
export function watchRealWork(): void {
  if (watched) return;
  watched = true;
  const subtle: Record<string, unknown> = Object.getPrototypeOf(globalThis.crypto.subtle);
  for (const method of METHODS) {
    const original = subtle[method];
    if (typeof original !== 'function') throw new Error(`no crypto.subtle.${method}`);
    subtle[method] = function (this: SubtleCrypto, ...args: unknown[]): Promise<unknown> {
      const work: Promise<unknown> = original.apply(this, args);
      const forget = (): void => void pending.delete(work);
      pending.add(work);
      work.then(forget, forget);
      return work;
    };
  }
}

/** Resolves when what is running now is done; undefined when nothing is. */
export function realWork(): Promise<unknown> | undefined {
  return pending.size === 0 ? undefined : Promise.allSettled(pending);
}
