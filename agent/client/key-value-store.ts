/**
 * Where a pupil's device keeps things. In a browser IndexedDB, which stores CryptoKey objects whose
 * private half no script can read; in tests and tools a map in memory.
 */
export interface KeyValueStore {
  get(name: string): Promise<unknown>;
  put(name: string, value: unknown): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Forgets all when the process ends. */
export function memoryStore(): KeyValueStore {
  const things = new Map<string, unknown>();
  return {
    get: async (name) => things.get(name),
    put: async (name, value) => void things.set(name, value),
    remove: async (name) => void things.delete(name),
  };
}

const STORE = 'things';

/** Opened at first use, so that making a client does no work. */
export function indexedDbStore(database = 'deskmate'): KeyValueStore {
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opened ??= openDatabase(database).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const run = async <T>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = (await open()).transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    // A request that succeeded is not yet on disk: the transaction's completion says so.
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
    return request.result;
  };
  return {
    get: (name) => run<unknown>('readonly', (store) => store.get(name)),
    put: async (name, value) => void (await run('readwrite', (store) => store.put(value, name))),
    remove: async (name) => void (await run('readwrite', (store) => store.delete(name))),
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error(`database ${name} is held open by another page`));
  });
}
