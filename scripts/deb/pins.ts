/**
 * Build inputs that neither Debian nor package-lock.json pins. `sha512` is the
 * registry's `dist.integrity` of the tarball.
 */
import { UsageError } from '../arguments.mjs';

export const nodeVersion = '24.21.0';

export const nodeGypVersion = '12.1.0';

/** All that differs between the machines we build for. */
export interface Machine {
  /** As Debian calls it, and as Node does. */
  readonly deb: 'amd64' | 'arm64';
  readonly node: 'x64' | 'arm64';
  /** Prefix of GCC and binutils. */
  readonly triplet: string;
  /** First words of `file` on its programs. */
  readonly elf: RegExp;
  readonly sha512OfNode: string;
}

export const machines: Readonly<Record<'amd64' | 'arm64', Machine>> = {
  amd64: {
    deb: 'amd64',
    node: 'x64',
    triplet: 'x86_64-linux-gnu',
    elf: /ELF 64-bit LSB .*x86-64/,
    sha512OfNode:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  arm64: {
    deb: 'arm64',
    node: 'arm64',
    triplet: 'aarch64-linux-gnu',
    elf: /ELF 64-bit LSB .*ARM aarch64/,
    sha512OfNode:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

export function machineOf(name: string): Machine {
  if (name === 'amd64' || name === 'arm64') return machines[name];
  throw new UsageError(`ARCH=${name}: expected amd64 or arm64`);
}
