/** What the pages of the person beside the robot have in common. */
import { z } from 'zod';
import type { Clock } from '../../../hal/ports/clock.ts';
import { type Child, h } from './dom.ts';
import { type LanguageChoice, languageSelect } from './i18n.ts';

/**
 * What stands before the paths of the page for the person beside the robot: `/<key>/`, with the key
 * of the printed address (agent/web/operator-key.ts). `/` where it is served without one.
 */
export function operatorBase(pathname: string): string {
  return /^\/[\w-]{43}\//.exec(pathname)?.[0] ?? '/';
}

const Shown = z.object({
  link: z.url().max(2_000),
  /** Null for a link that leads other devices nowhere. */
  qrSvg: z.string().max(200_000).nullable(),
  expires: z.number(),
});
export type ShownInvitation = z.infer<typeof Shown>;

/** What the web server says to the person beside the robot: parsed, or undefined when it does not answer. */
export class OperatorApi {
  constructor(
    private readonly fetch: typeof globalThis.fetch,
    /** What stands before its paths: see `operatorBase`. */
    readonly base = '/',
  ) {}

  /** `renew` makes the one before useless, used or not. */
  async invitation(renew: boolean): Promise<ShownInvitation | undefined> {
    return Shown.safeParse(await this.ask(renew ? 'POST' : 'GET', 'api/invitation')).data;
  }

  protected async ask(method: 'GET' | 'POST', path: string): Promise<unknown> {
    try {
      const answer = await this.fetch(`${this.base}${path}`, { method });
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }
}

const POLL_MS = 2_000;

/** Draws now and in each language that is chosen; asks every two seconds while somebody looks. */
export function keepShown(
  { clock, language }: { readonly clock: Clock; readonly language: LanguageChoice },
  { render, ask }: { readonly render: () => void; readonly ask: () => Promise<void> },
): void {
  language.onChange(render);
  render();
  const poll = (): void => {
    if (!document.hidden) void ask();
  };
  poll();
  clock.every(POLL_MS, poll);
}

interface FrameParts {
  readonly root: HTMLElement;
  readonly language: LanguageChoice;
  readonly heading: string;
}

/** Draws the whole page. Who has just chosen a language keeps the focus. */
export function drawFrame({ root, language, heading }: FrameParts, ...main: Child[]) {
  const hadFocus = document.activeElement?.id === 'language';
  root.replaceChildren(
    h(
      'div',
      { class: 'home' },
      h(
        'header',
        { class: 'home-top' },
        h('span', { class: 'wordmark' }, 'Deskmate'),
        languageSelect(language),
      ),
      h('main', {}, h('h1', {}, heading), ...main),
    ),
  );
  if (hadFocus) document.querySelector<HTMLElement>('#language')?.focus();
}

/** A card that tells how things are. */
export function statusCard(title: string, ...content: Child[]): HTMLElement {
  return h(
    'section',
    { class: 'card wide', 'aria-labelledby': 'status-title' },
    h('h2', { id: 'status-title' }, title),
    ...content,
  );
}

/** One thing and how it is, with a mark that tells well from not well; `part` is for tests. */
export function statusRow(
  { part, well }: { part: string; well: boolean },
  name: string,
  value: string,
  ...details: Child[]
): HTMLElement {
  return h(
    'div',
    { 'data-part': part, 'data-well': String(well) },
    h('dt', {}, name),
    h('dd', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }), value),
    ...details,
  );
}
