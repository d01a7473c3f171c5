import { type KernelFiles, kernelFault } from '../../../hal/linux/kernel/sysfs.ts';
import { HardwareFault } from '../../../hal/ports/fault.ts';
import type { Machine } from './machine.ts';

/** The kernel's files of a computer that is examined, as the drivers read them. */
export function kernelFilesOf(machine: Machine): KernelFiles {
  return {
    async read(path, device) {
      const text = await machine.read(path);
      if (text.ok) return text.text.trim();
      throw kernelFault({ code: text.code }, device, `read ${path}`);
    },
    async optional(path) {
      const text = await machine.read(path);
      return text.ok ? text.text.trim() : undefined;
    },
    async names(folder) {
      const names = [...(await machine.list(folder))];
      return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    },
  };
}

/** What a driver says of its device. */
export function whyOf(error: unknown): string {
  if (error instanceof HardwareFault) return error.message;
  throw error;
}
