import { type PinLock as ClientPin, PinError } from '../../../client/pin.ts';

/** The lock of this page on a shared device. */
export interface PinLock {
  isSet(): Promise<boolean>;
  /** Set, and not opened since this page was loaded or locked. */
  isLocked(): Promise<boolean>;
  set(pin: string): Promise<void>;
  check(pin: string): Promise<PinCheck>;
  lock(): void;
  /** For a forgotten PIN: this device lets go of everything that stands behind it. */
  abandon(): Promise<void>;
}

export type PinCheck = { ok: true } | { ok: false; waitMs: number };

/** The client's PIN, with answers in place of errors for what pupils do every day: mistyping. */
export function pinLock(pin: ClientPin, wipe: () => Promise<void>): PinLock {
  return {
    isSet: () => pin.isSet(),
    isLocked: () => pin.isLocked(),
    set: (digits) => pin.set(digits),
    lock: () => pin.lock(),
    async check(digits): Promise<PinCheck> {
      try {
        await pin.unlock(digits);
        return { ok: true };
      } catch (error) {
        if (error instanceof PinError) return { ok: false, waitMs: error.waitMs };
        throw error;
      }
    },
    async abandon(): Promise<void> {
      pin.lock();
      await wipe();
    },
  };
}

/** Empties all that this page keeps in a database, whatever its stores are called. */
export function wipeDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const stores = [...database.objectStoreNames];
      const done = (): void => {
        database.close();
        resolve();
      };
      if (stores.length === 0) return done();
      const clearing = database.transaction(stores, 'readwrite');
      for (const store of stores) clearing.objectStore(store).clear();
      clearing.oncomplete = done;
      clearing.onabort = () => reject(clearing.error);
    };
  });
}
