import type { Clock, Timer } from '../../../hal/ports/clock.ts';
import { h } from './dom.ts';

/** Long enough for a screen reader to finish its sentence, short enough that nobody finds old news. */
const KEPT_MS = 8_000;

type Urgency = 'polite' | 'assertive';

/**
 * Visually hidden text for screen readers: a polite region and an assertive one. Each
 * sentence is an element of its own that is read as it is added, so that two pieces of news in one
 * moment are both read; it goes after a while, so that who walks through the page finds no old news.
 */
export class Announcer {
  readonly element = h('div', { id: 'announcer', class: 'visually-hidden' });
  private readonly regions: Readonly<Record<Urgency, HTMLElement>> = {
    polite: region('polite', 'status'),
    assertive: region('assertive', 'alert'),
  };
  private readonly standing = new Map<HTMLElement, Timer>();

  constructor(private readonly clock: Clock) {
    this.element.append(this.regions.polite, this.regions.assertive);
  }

  say(text: string, urgency: Urgency = 'polite'): void {
    // The same words again are news again: as an element of its own they are read again.
    for (const [line] of this.standing) if (line.textContent === text) this.drop(line);
    const line = h('p', {}, text);
    this.regions[urgency].append(line);
    this.standing.set(
      line,
      this.clock.after(KEPT_MS, () => this.drop(line)),
    );
  }

  /** What was news on one screen is none on the next. */
  clear(): void {
    for (const [line] of this.standing) this.drop(line);
  }

  private drop(line: HTMLElement): void {
    this.standing.get(line)?.cancel();
    this.standing.delete(line);
    line.remove();
  }
}

function region(live: Urgency, role: 'status' | 'alert'): HTMLElement {
  return h('div', { role, 'aria-live': live, 'aria-atomic': 'false', 'data-urgency': live });
}
