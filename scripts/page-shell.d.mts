/** For tests that serve a page, which are TypeScript. */
export function pageShell(folder: string): Promise<string>;
