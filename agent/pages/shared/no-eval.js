/*
 * Before any module: the schema library else tries whether it may compile code at run time, which
 * the pages' content security policy forbids and browsers report as an attack. A classic script, as
 * the order of bundled modules is the bundler's; the name is where the library keeps `z.config`.
 */
globalThis.__zod_globalConfig = { jitless: true };
