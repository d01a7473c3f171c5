/** The open robot pages: what is sent to each, and what each may request. */

import type { RawData, WebSocket } from 'ws';
import { jsonOf } from '../../hal/common/json.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { WorldCommand } from '../world/schema.ts';
import {
  MAX_PAGE_BYTES,
  PageCommand,
  type PageMessage,
  type PageRefusal,
  SCENE_PERIOD_MS,
  type Scene,
  type SimStatus,
  STATUS_PERIOD_MS,
} from './messages.ts';

/** Commands a second above which a page is refused; a person presses a few. */
const MAX_COMMANDS_PER_S = 40;
/** A page that lags by more than this gets no messages until it has caught up. */
const MAX_UNSENT_BYTES = 128 * 1024;

/** The page's backend: the simulated world and the launcher. */
export interface Backstage {
  scene(): Scene;
  status(): SimStatus;
  /** Throws when the world will not. */
  toWorld(command: WorldCommand): void;
  /** False when it cannot be done here. */
  toLauncher(command: LauncherCommand): boolean;
}

export type LauncherCommand = Extract<
  PageCommand,
  { kind: 'kill' | 'restart' | 'broker' | 'network' }
>;

interface Page {
  readonly socket: WebSocket;
  readonly held: Set<'teacher' | 'pair'>;
  /** Commands taken in the present second. */
  taken: number;
}

export class PageSockets {
  private readonly pages = new Set<Page>();
  private readonly timers: readonly Timer[];

  constructor(
    clock: Clock,
    private readonly backstage: Backstage,
  ) {
    this.timers = [
      clock.every(SCENE_PERIOD_MS, () => this.tellAll(() => this.backstage.scene())),
      clock.every(STATUS_PERIOD_MS, () => this.newSecond()),
    ];
  }

  take(socket: WebSocket): void {
    const page: Page = { socket, held: new Set(), taken: 0 };
    this.pages.add(page);
    socket.on('message', (data, binary) => this.hear(page, data, binary));
    socket.on('close', () => this.leave(page));
    tell(socket, this.backstage.status());
    tell(socket, this.backstage.scene());
  }

  /** Something about processes, broker or session has changed. */
  statusChanged(): void {
    this.tellAll(() => this.backstage.status());
  }

  close(): void {
    for (const timer of this.timers) timer.cancel();
    for (const { socket } of this.pages) socket.terminate();
  }

  private newSecond(): void {
    for (const page of this.pages) page.taken = 0;
    this.statusChanged();
  }

  /** Made once for all pages, and only if a page is open. */
  private tellAll(make: () => PageMessage): void {
    if (this.pages.size === 0) return;
    const text = JSON.stringify(make());
    for (const { socket } of this.pages)
      if (socket.bufferedAmount <= MAX_UNSENT_BYTES) socket.send(text);
  }

  private hear(page: Page, data: RawData, binary: boolean): void {
    const parsed = parse(data, binary);
    const seq = parsed.ok ? parsed.command.seq : parsed.seq;
    const reason = parsed.ok ? this.obey(page, parsed.command) : parsed.reason;
    if (reason) tell(page.socket, { kind: 'refused', seq, reason });
  }

  /** Undefined when it was done. */
  private obey(page: Page, command: PageCommand): PageRefusal | undefined {
    page.taken += 1;
    if (page.taken > MAX_COMMANDS_PER_S) return 'tooMany';
    return this.perform(page, command) ? undefined : 'notPossible';
  }

  private perform(page: Page, command: PageCommand): boolean {
    switch (command.kind) {
      case 'kill':
      case 'restart':
      case 'broker':
      case 'network':
        return this.backstage.toLauncher(command);
      case 'button':
        if (command.pressed) page.held.add(command.name);
        else page.held.delete(command.name);
    }
    const { seq: _, ...toWorld } = command;
    try {
      this.backstage.toWorld(toWorld);
      return true;
    } catch {
      return false;
    }
  }

  /** A page that closes while holding a button releases it. */
  private leave(page: Page): void {
    this.pages.delete(page);
    for (const name of page.held) this.backstage.toWorld({ kind: 'button', name, pressed: false });
  }
}

type Parsed =
  | { ok: true; command: PageCommand }
  | { ok: false; seq: number | null; reason: PageRefusal };

/** Exported for tests. */
function parse(data: RawData, binary: boolean): Parsed {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
  if (bytes.length > MAX_PAGE_BYTES) return { ok: false, seq: null, reason: 'tooLong' };
  if (binary) return { ok: false, seq: null, reason: 'malformed' };
  const value = jsonOf(bytes.toString('utf8'));
  const parsed = PageCommand.safeParse(value);
  if (parsed.success) return { ok: true, command: parsed.data };
  return { ok: false, seq: seqOf(value), reason: 'malformed' };
}

function seqOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('seq' in value)) return null;
  return Number.isSafeInteger(value.seq) ? (value.seq as number) : null;
}

function tell(socket: WebSocket, message: PageMessage): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}
