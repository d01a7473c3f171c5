/** For the tests, which are TypeScript. */
export interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      {
        version?: string;
        integrity?: string;
        optional?: boolean;
        optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}
/** What compiles add-ons, and for which Node (`abi`). */
export interface Tools {
  readonly abi: string;
  readonly [tool: string]: string | boolean;
}
export const root: string;
export function nodeTooOld(version: string, wanted: string): string | undefined;
export function isInstalled(lock: LockFile, installed: LockFile | undefined): boolean;
export function missingAddons(lock: LockFile, installed: LockFile): string[];
export function worthAnotherTry(
  missing: readonly string[],
  before: Tools | undefined,
  now: Tools,
): boolean;
export function aboutMissing(missing: readonly string[]): string | undefined;
export function ensureInstalled(
  say: (what: string) => void,
): Promise<{ installed: boolean; missing: string[] }>;
