import path from 'node:path';

const BASES = {
  config: { variable: 'XDG_CONFIG_HOME', below: '.config' },
  cache: { variable: 'XDG_CACHE_HOME', below: '.cache' },
} as const;

/**
 * Deskmate's folder of a person, by the XDG Base Directory Specification: a relative path in the
 * variable is ignored. Undefined without a home.
 */
export function xdgFolder(kind: keyof typeof BASES, env: NodeJS.ProcessEnv): string | undefined {
  const { variable, below } = BASES[kind];
  const given = env[variable];
  if (given && path.isAbsolute(given)) return path.join(given, 'deskmate');
  return env.HOME ? path.join(env.HOME, below, 'deskmate') : undefined;
}
