import { HardwareFault } from '../../ports/fault.ts';
import { gpioFault } from './gpio-fault.ts';

/**
 * Closes each line, whatever becomes of the others: one that cannot be given back must not keep a
 * rail switched on. What went wrong is told when all is done.
 */
export async function closeLines(
  chip: string,
  lines: Iterable<{ close(): Promise<void> }>,
): Promise<void> {
  const ends = await Promise.allSettled([...lines].map((line) => line.close()));
  const faults = ends
    .filter((end) => end.status === 'rejected')
    .map(({ reason }) => gpioFault(reason, chip, 'close a line'));
  const [first] = faults;
  if (!first) return;
  if (faults.length === 1) throw first;
  const messages = faults.map(({ message }) => message).join('; ');
  throw new HardwareFault(first.kind, chip, messages, { cause: first });
}
