/** What must hold on every screen of a page, computed in the browser from what is really shown. */
import type { Page } from 'playwright-core';

interface Finding {
  readonly what: string;
  readonly where: string;
}

/** Controls without a name, smaller than a fingertip, cut off, or lying on one another. */
export function controlFindings(page: Page): Promise<Finding[]> {
  return page.evaluate(() => {
    const LEAST_PX = 44;
    const found: { what: string; where: string }[] = [];
    const where = (element: Element): string => element.id || element.className.toString();
    const open = document.querySelector('dialog[open]') ?? document;
    const controls = [
      ...open.querySelectorAll<HTMLElement>('button, a[href], select, input'),
    ].filter((element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: false }),
    );
    const layerOf = (element: Element): Element | null => element.closest('[popover], dialog');
    for (const element of controls) {
      const box = element.getBoundingClientRect();
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : '';
      const name = element.getAttribute('aria-label') || element.textContent || label;
      if (!name?.trim()) found.push({ what: 'no name', where: where(element) });
      const small = element instanceof HTMLInputElement && element.type === 'checkbox';
      if (!small && Math.min(box.width, box.height) < LEAST_PX) {
        found.push({ what: `${box.width} x ${box.height} px`, where: where(element) });
      }
      if (box.left < -1 || box.right > innerWidth + 1) {
        found.push({ what: 'beside the screen', where: where(element) });
      }
      for (const text of [element, ...element.querySelectorAll<HTMLElement>('.act-label')]) {
        if (
          text.scrollWidth > text.clientWidth + 1 &&
          text.clientWidth > 0 &&
          text.matches('button, .act-label')
        ) {
          found.push({ what: 'text runs over', where: where(element) });
        }
      }
    }
    for (const [index, one] of controls.entries()) {
      for (const other of controls.slice(index + 1)) {
        if (layerOf(one) !== layerOf(other) || one.contains(other) || other.contains(one)) continue;
        const a = one.getBoundingClientRect();
        const b = other.getBoundingClientRect();
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1) {
          found.push({ what: `lies on ${where(other)}`, where: where(one) });
        }
      }
    }
    if (document.documentElement.scrollWidth > innerWidth + 1) {
      found.push({ what: 'the page scrolls sideways', where: 'html' });
    }
    return found;
  });
}

/** Words that are covered by something else, or cut off by the screen where nothing scrolls to them. */
export function coveredFindings(page: Page, selector: string): Promise<Finding[]> {
  return page.evaluate((wanted) => {
    const found: { what: string; where: string }[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(wanted)) {
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      element.scrollIntoView({ block: 'nearest' });
      const box = element.getBoundingClientRect();
      const others = [...document.querySelectorAll<HTMLElement>('.pill, .note, .veil h2, .veil p')];
      for (const other of others) {
        if (!other.checkVisibility({ visibilityProperty: true })) continue;
        if (other.contains(element) || element.contains(other)) continue;
        const list = other.closest('.problems')?.getBoundingClientRect();
        const over = other.getBoundingClientRect();
        const across = Math.min(box.right, over.right) - Math.max(box.left, over.left);
        const top = Math.max(over.top, list?.top ?? over.top);
        const bottom = Math.min(over.bottom, list?.bottom ?? over.bottom);
        const down = Math.min(box.bottom, bottom) - Math.max(box.top, top);
        if (across > 1 && down > 1)
          found.push({ what: `lies with ${other.id || other.textContent}`, where: wanted });
      }
      if (box.top < -1 || box.bottom > innerHeight + 1 || box.right > innerWidth + 1)
        found.push({ what: 'cut off', where: element.textContent ?? '' });
    }
    return found;
  }, selector);
}

/** Controls without an edge of their own, for pages in colours that the system forces. */
export function edgeFindings(page: Page): Promise<Finding[]> {
  return page.evaluate(() => {
    const found: { what: string; where: string }[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('button, a[href], select')) {
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(element);
      const seen = borderTopStyle !== 'none' && Number.parseFloat(borderTopWidth) >= 1;
      const ground = getComputedStyle(document.documentElement).backgroundColor;
      if (!seen || borderTopColor === ground)
        found.push({ what: 'no edge', where: element.id || element.className });
    }
    return found;
  });
}

/** Text whose contrast with what lies behind it is below 4.5 (WCAG 2.2 AA, 1.4.3). */
export function contrastFindings(page: Page): Promise<Finding[]> {
  return page.evaluate(() => {
    const LEAST = 4.5;
    type Colour = [number, number, number, number];
    const parse = (text: string): Colour => {
      const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return [r, g, b, a];
    };
    const over = (top: Colour, under: Colour): Colour => {
      const mix = (index: 0 | 1 | 2): number => top[index] * top[3] + under[index] * (1 - top[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const light = (colour: Colour): number => {
      const [r = 0, g = 0, b = 0] = colour.slice(0, 3).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a: Colour, b: Colour): number => {
      const [hi, lo] = [light(a), light(b)].sort((x, y) => y - x) as [number, number];
      return (hi + 0.05) / (lo + 0.05);
    };
    /** Over the picture anything may lie behind: the worst of white and black counts. */
    const behind = (element: Element, last: Colour): Colour => {
      const colours: Colour[] = [];
      for (let at: Element | null = element; at; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        if (colour[3] > 0 && !at.matches('.stage')) colours.push(colour);
        if (colour[3] === 1 && !at.matches('.stage')) break;
        if (at.matches('.stage')) break;
      }
      return colours.reverse().reduce((under, top) => over(top, under), last);
    };
    const open = document.querySelector('dialog[open]') ?? document.body;
    const found: { what: string; where: string }[] = [];
    for (const element of open.querySelectorAll<HTMLElement>('*')) {
      const own = [...element.childNodes].some(
        (node) => node.nodeType === 3 && node.nodeValue?.trim(),
      );
      const hidden = element.closest('.visually-hidden, [hidden], noscript, option, :disabled');
      if (!own || hidden || !element.checkVisibility({ visibilityProperty: true })) continue;
      const worst = Math.min(
        ...(
          [
            [255, 255, 255, 1],
            [0, 0, 0, 1],
          ] as Colour[]
        ).map((last) => {
          const ground = behind(element, last);
          return contrast(over(parse(getComputedStyle(element).color), ground), ground);
        }),
      );
      if (worst < LEAST) {
        const text = element.textContent?.trim().slice(0, 30) ?? '';
        found.push({
          what: `${worst.toFixed(2)}: ${text}`,
          where: element.id || element.className,
        });
      }
    }
    return found;
  });
}
