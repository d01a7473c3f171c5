/** For the tests, which are TypeScript. */
export interface LockFile {
  readonly packages: Readonly<
    Record<string, { version?: string; integrity?: string; optional?: boolean }>
  >;
}
export const root: string;
export function nodeTooOld(version: string, wanted: string): string | undefined;
export function isInstalled(lock: LockFile, installed: LockFile | undefined): boolean;
export function ensureInstalled(say: (what: string) => void): Promise<boolean>;
