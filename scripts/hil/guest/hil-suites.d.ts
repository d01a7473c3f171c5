/** Made by start.mjs: every `*.hil.test.ts` of the project. */
declare module 'hil-suites' {
  export const suites: Readonly<Record<string, () => Promise<unknown>>>;
}
