/** A page in a browser of the pupil's, as much of it as the rig needs of any browser. */
export const BROWSERS = ['chromium', 'firefox'] as const;
export type BrowserName = (typeof BROWSERS)[number];

/** A page that takes longer to load is asked for again. */
export const LOAD_MS = 6_000;

export interface Tab {
  /** Resolves when the page is loaded. Rejects when it cannot be. */
  goto(url: string): Promise<void>;
  /** As a user gesture: the page may then start sound. */
  press(selector: string): Promise<void>;
  /** What the function gives inside the page; it sees nothing of its surroundings but `argument`. */
  evaluate<A, T>(act: (argument: A) => T | Promise<T>, argument: A): Promise<T>;
}

export interface Browser {
  readonly name: BrowserName;
  readonly tab: Tab;
  /** Without microphone permission the browser hides the device's addresses from the page. */
  grantMicrophone(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** The words of an expression that calls the function. */
export function called<A, T>(act: (argument: A) => T | Promise<T>, argument: A): string {
  return `(${act})(${JSON.stringify(argument) ?? 'undefined'})`;
}
