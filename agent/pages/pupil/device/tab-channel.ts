import type { TabChannel } from './tabs.ts';

/** The line to other tabs, or none: browsers that keep nothing for a page refuse it too. */
export function openTabChannel(page: {
  readonly BroadcastChannel?: new (name: string) => TabChannel;
}): TabChannel | undefined {
  try {
    return page.BroadcastChannel && new page.BroadcastChannel('deskmate.tabs');
  } catch {
    return undefined;
  }
}
