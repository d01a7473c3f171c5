import assert from 'node:assert/strict';
import type { Guest } from './guest.ts';

/** `expected`: mode, user and group, as in '640 root:deskmate-agent'. */
export async function owns(guest: Guest, file: string, expected: string): Promise<void> {
  assert.equal(await guest.must(`stat -c '%a %U:%G' ${file}`), expected, file);
}
