/** A page in the pupil's browser: the operations that the rig needs. */
export const BROWSERS = ['chromium', 'firefox'] as const;
export type BrowserName = (typeof BROWSERS)[number];

/** A page that takes longer to load is asked for again. */
export const LOAD_MS = 6_000;

export interface Tab {
  /** Resolves when the page is loaded. Rejects when it cannot be. */
  goto(url: string): Promise<void>;
  /** As a user gesture: the page may then start sound. */
  press(selector: string): Promise<void>;
  /** Result of the function, run in the page; it cannot use its closure, only `argument`. */
  evaluate<A, T>(act: (argument: A) => T | Promise<T>, argument: A): Promise<T>;
}

export interface Browser {
  readonly name: BrowserName;
  readonly tab: Tab;
  /** Without microphone permission the browser hides the device's addresses from the page. */
  grantMicrophone(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Source of an expression that calls the function. */
export function called<A, T>(act: (argument: A) => T | Promise<T>, argument: A): string {
  return `(${act})(${JSON.stringify(argument) ?? 'undefined'})`;
}
