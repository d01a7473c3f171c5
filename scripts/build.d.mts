/** For the tests, which are TypeScript. */
export function removeOld(folder: string, kept: ReadonlySet<string>): Promise<void>;
