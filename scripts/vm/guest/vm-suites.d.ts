/** Made by start.mjs: every `*.vm.test.ts` of the project. */
declare module 'vm-suites' {
  export const suites: Readonly<Record<string, () => Promise<unknown>>>;
}
