/** How the simulator is started: environment (from make) and flags, flags first. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const port = z.coerce
  .number('expected a port number, 0 to 65535')
  .int()
  .min(0, 'expected a port number, 0 to 65535')
  .max(65_535, 'expected a port number, 0 to 65535');

const Options = z.object({
  /** Pages, WebSockets and the API. 0: any free port. */
  port: port.default(8300),
  /** MQTT over TCP, on this machine only; another one is taken when it is in use. */
  mqttPort: port.default(18831),
  /** The address to listen on. */
  host: z.string().min(1).default('127.0.0.1'),
  /** What the simulated robot remembers: keys, bound devices, usage. */
  state: z.string().min(1).default('.sim'),
  robot: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'expected 1-32 of a-z, 0-9 and hyphen')
    .default('sim-1'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type Options = z.infer<typeof Options>;

/** A start that cannot work, in words for people. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

const flags = {
  port: { type: 'string' },
  'mqtt-port': { type: 'string' },
  host: { type: 'string' },
  state: { type: 'string' },
  robot: { type: 'string' },
  'log-level': { type: 'string' },
} as const;

export function readOptions(argv: string[], env: NodeJS.ProcessEnv, folder: string): Options {
  const given = readFlags(argv);
  const parsed = Options.safeParse({
    port: given.port ?? some(env.PORT),
    mqttPort: given['mqtt-port'] ?? some(env.MQTT_PORT),
    host: given.host ?? some(env.HOST),
    state: given.state ?? some(env.STATE),
    robot: given.robot ?? some(env.ROBOT),
    logLevel: given['log-level'] ?? some(env.LOG_LEVEL),
  });
  if (parsed.success) return { ...parsed.data, state: path.resolve(folder, parsed.data.state) };
  const issue = parsed.error.issues[0];
  throw new OptionError(`option ${issue?.path.join('.')}: ${issue?.message}`);
}

function readFlags(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: flags, strict: true }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

/** make exports variables that nobody set as empty ones. */
const some = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
