/** What keys mean in the list of robots (WAI-ARIA Authoring Practices, grid). */
export type GridMove =
  | { readonly kind: 'move'; readonly to: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'select' };

interface Grid {
  /** The row that is active; -1: none yet. */
  readonly at: number;
  readonly rows: number;
  /** Rows of a screen. */
  readonly page: number;
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** Undefined: not for the list. */
export function gridKey(
  { key, ctrlKey, altKey, metaKey }: Key,
  { at, rows, page }: Grid,
): GridMove | undefined {
  if (ctrlKey || altKey || metaKey || rows === 0) return undefined;
  const to = TO[key]?.(at, page, rows);
  if (to !== undefined) return { kind: 'move', to: Math.max(0, Math.min(rows - 1, to)) };
  if (at < 0) return undefined;
  if (key === 'Enter') return { kind: 'open' };
  return key === ' ' ? { kind: 'select' } : undefined;
}

const TO: Readonly<Record<string, (at: number, page: number, rows: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: (_at, _page, rows) => rows - 1,
};
