import type { Machine } from './machine.ts';

export const SERVICES = ['deskmate-firmware', 'deskmate-agent'] as const;

/** As systemd says it; `not-installed` when it knows no such unit; undefined without systemd. */
export async function stateOf(machine: Machine, service: string): Promise<string | undefined> {
  const { code, out } = await machine.run(
    ...([
      'systemctl',
      'show',
      '-p',
      'LoadState,ActiveState',
      '--value',
      `${service}.service`,
    ] as const),
  );
  if (code !== 0) return undefined;
  const words = out.trim().split(/\s+/);
  return words.includes('not-found') ? 'not-installed' : words.find((word) => word !== 'loaded');
}
