/** Flags of `npm run fleet`. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readArguments, UsageError } from '../arguments.mjs';
import { FAULT_KINDS } from './faults.ts';
import { robotsOf } from './rig.ts';

const whole = (from: number, to: number) =>
  z.coerce.number().int().min(from, `expected ${from}..${to}`).max(to, `expected ${from}..${to}`);
const Options = z.object({
  robots: whole(1, 50_000).default(100),
  schools: whole(1, 1_000).default(4),
  processes: whole(1, 64).default(1),
  seed: whole(0, 0x7fffffff).default(1),
  seconds: whole(5, 86_400).default(120),
  speed: z.coerce.number().min(0.1).max(2_000).default(60),
  perSecond: whole(1, 5_000).default(200),
  disk: z.string().min(1).optional(),
  /** A Monday morning, unless told. */
  from: z.iso.datetime().default('2026-09-07T08:20:00Z'),
  faults: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((kind) => kind !== ''))
    .pipe(z.array(z.enum(FAULT_KINDS, `expected some of ${FAULT_KINDS.join(', ')}`))),
});

const string = { type: 'string' } as const;
const USAGE = `npm run fleet -- [--robots 10000] [--schools 4] [--processes 1] [--tls] [--disk DIR]
  [--seconds 120] [--speed 60] [--from 2026-09-07T08:20:00Z] [--per-second 200] [--seed 1]
  [--faults ${FAULT_KINDS.join(',')}]
`;

/** Throws UsageError. */
export function readFleetOptions(argv: readonly string[]) {
  const { values } = readArguments([...argv], {
    usage: USAGE,
    options: {
      ...{ robots: string, schools: string, processes: string, seed: string, seconds: string },
      ...{ speed: string, disk: string, from: string, faults: string, 'per-second': string },
      tls: { type: 'boolean' },
    },
  });
  const { tls = false, 'per-second': perSecond, ...given } = values as Record<string, unknown>;
  const parsed = Options.safeParse({ ...given, perSecond });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UsageError(`--${String(issue?.path[0])}: ${issue?.message}\n${USAGE}`);
  }
  const { robots, schools, from, disk, ...rest } = parsed.data;
  if (disk !== undefined) mkdirSync(disk, { recursive: true });
  return {
    ...rest,
    ...{ profile: 'week' as const, tls: tls === true, startWallMs: Date.parse(from) },
    robots: robotsOf(robots, schools),
    ...(disk !== undefined && { disk: path.resolve(disk) }),
  };
}
export type FleetOptions = ReturnType<typeof readFleetOptions>;
