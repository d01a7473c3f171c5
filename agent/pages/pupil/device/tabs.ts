import type { Clock, Timer } from '../../../../hal/ports/clock.ts';

/** Messages between tabs of this page on one device. */
type TabMessage =
  | { readonly kind: 'ask' }
  /** A tab is in class; sent at each change and on request. */
  | { readonly kind: 'here'; readonly robot: string; readonly tab: string }
  /** A tab goes to class: whoever is there now will be taken over by it. */
  | { readonly kind: 'take'; readonly robot: string; readonly tab: string }
  | { readonly kind: 'gone'; readonly tab: string };

/** The part of BroadcastChannel that is used; where browsers lack it, each tab is alone. */
export interface TabChannel {
  postMessage(word: TabMessage): void;
  addEventListener(kind: 'message', listener: (event: { data: unknown }) => void): void;
}

const ASK_EVERY_MS = 2_000;
/** A tab that says nothing for this long is closed, however it went. */
const FORGET_MS = 5_000;
/** Between a tab's word that it takes over and the robot's word to the other. */
const TAKE_MS = 60_000;

/** Knows whether another tab of this device is in class, so that nobody calls it "another device". */
export class Tabs {
  private readonly others = new Map<string, { robot: string; heardAtMs: number }>();
  private readonly listeners = new Set<() => void>();
  private robot: string | undefined;
  private taken: { robot: string; atMs: number } | undefined;

  constructor(
    private readonly channel: TabChannel | undefined,
    private readonly clock: Clock,
    /** Names this tab among the others; anything that no two share. */
    private readonly tab: string,
  ) {
    channel?.addEventListener('message', ({ data }) => {
      const word = readWord(data);
      if (word && !('tab' in word && word.tab === tab)) this.hear(word);
    });
  }

  /** This tab sets out for class with the robot. */
  enter(robot: string): void {
    this.robot = robot;
    this.taken = undefined;
    this.channel?.postMessage({ kind: 'take', robot, tab: this.tab });
  }

  leave(): void {
    if (this.robot === undefined) return;
    this.robot = undefined;
    this.channel?.postMessage({ kind: 'gone', tab: this.tab });
  }

  /** Another tab of this device is in class with this robot. */
  isElsewhere(robot: string): boolean {
    const now = this.clock.now();
    return [...this.others.values()].some(
      (other) => other.robot === robot && now - other.heardAtMs < FORGET_MS,
    );
  }

  /** Another tab of this device has just said that it takes over from this one. */
  wasTaken(robot: string): boolean {
    const { taken } = this;
    return taken?.robot === robot && this.clock.now() - taken.atMs < TAKE_MS;
  }

  /** Asks the other tabs now and then, and tells when the answer may differ, until `signal` ends it. */
  watch(changed: () => void, signal: AbortSignal): void {
    const ask = (): void => this.channel?.postMessage({ kind: 'ask' });
    const timer: Timer = this.clock.every(ASK_EVERY_MS, () => {
      ask();
      changed();
    });
    this.listeners.add(changed);
    signal.addEventListener('abort', () => {
      timer.cancel();
      this.listeners.delete(changed);
    });
    ask();
  }

  private hear(word: TabMessage): void {
    const atMs = this.clock.now();
    switch (word.kind) {
      case 'ask':
        if (this.robot !== undefined) this.tellHere(this.robot);
        return;
      case 'take':
        if (word.robot === this.robot) this.taken = { robot: word.robot, atMs };
        break;
      case 'gone':
        this.others.delete(word.tab);
        break;
      case 'here':
        break;
    }
    if (word.kind !== 'gone') this.others.set(word.tab, { robot: word.robot, heardAtMs: atMs });
    for (const changed of this.listeners) changed();
  }

  private tellHere(robot: string): void {
    this.channel?.postMessage({ kind: 'here', robot, tab: this.tab });
  }
}

/** Another version of the page may say other things: what is not understood is not heard. */
function readWord(data: unknown): TabMessage | undefined {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined;
  if (data.kind === 'ask') return { kind: 'ask' };
  if (!('tab' in data) || typeof data.tab !== 'string') return undefined;
  if (data.kind === 'gone') return { kind: 'gone', tab: data.tab };
  if (!('robot' in data) || typeof data.robot !== 'string') return undefined;
  if (data.kind !== 'here' && data.kind !== 'take') return undefined;
  return { kind: data.kind, robot: data.robot, tab: data.tab };
}

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
