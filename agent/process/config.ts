/** Common parts of the configurations of agent and media process. */
import { z } from 'zod';
import { type Note, readConfig } from '../../hal/common/config-file.ts';
import type { Layers } from '../../hal/common/config-layers.ts';

export const file = z.string().min(1, 'expected a path').max(4_096);
export const logLevel = z.enum(['debug', 'info', 'warn', 'error']);

export interface LoadedConfig<C> {
  readonly config: C;
  /** For errors that are found later. */
  readonly fileOf: Layers['fileOf'];
}

/** From layers already read. Throws ConfigError, with the file. */
export function loaded<C>(
  schema: z.ZodType<C>,
  layers: Layers,
  reading: { readonly failClosed: readonly string[]; readonly note: Note },
): LoadedConfig<C> {
  return { config: readConfig(schema, layers, reading), fileOf: layers.fileOf };
}
