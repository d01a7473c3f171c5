/** Whether this machine lets us make hosts at all, in words for people. */
import { messageOf } from '../../hal/common/errors.ts';
import { run, works } from './net/shell.ts';

const NEEDS_ROOT =
  'make field makes hosts out of network namespaces, which takes root (sudo make field).';

/** Undefined when it does. */
export function whyNotHere(): string | undefined {
  if (process.platform !== 'linux') return 'make field needs Linux.';
  if (process.getuid?.() !== 0) return NEEDS_ROOT;
  const name = `deskmate-try-${process.pid}`;
  try {
    run(['ip', 'netns', 'add', name]);
  } catch (error) {
    return `This machine allows no network namespaces: ${messageOf(error)}`;
  }
  try {
    run(['ip', '-n', name, 'link', 'add', 'name', 'a', 'type', 'veth', 'peer', 'name', 'b']);
    run(['ip', '-n', name, 'link', 'add', 'name', 'c', 'type', 'bridge']);
    run(['ip', 'netns', 'exec', name, 'nft', '-f', '-'], TABLE);
    return undefined;
  } catch (error) {
    return `This machine's kernel lacks what routers are made of: ${messageOf(error)}`;
  } finally {
    works(['ip', 'netns', 'del', name]);
  }
}

const TABLE =
  'table ip t { chain c { type nat hook postrouting priority srcnat; masquerade fully-random; }; }';
