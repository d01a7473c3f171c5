/**
 * Rows of a long list of which only those in sight exist: ten thousand cost as much as thirty. Rows
 * are reused, so that scrolling makes no elements.
 */
export interface RowView<T> {
  readonly element: HTMLElement;
  /** `index` counts from 0. */
  show(item: T, index: number): void;
}

interface VirtualRowsParts<T> {
  /** It scrolls; the rows are in `space`. */
  readonly scroller: HTMLElement;
  readonly space: HTMLElement;
  readonly make: () => RowView<T>;
  /** Height of each row, CSS pixels. */
  readonly rowPx: () => number;
}

/** Rows above and below those in sight, for fast fingers. */
const SPARE = 4;

export class VirtualRows<T> {
  private items: readonly T[] = [];
  private readonly pool: { view: RowView<T>; index: number }[] = [];
  private readonly resizes: ResizeObserver;
  private rowPx = 1;

  constructor(private readonly parts: VirtualRowsParts<T>) {
    const { scroller } = parts;
    scroller.addEventListener('scroll', () => this.draw(false), { passive: true });
    this.resizes = new ResizeObserver(() => this.draw(true));
    this.resizes.observe(scroller);
  }

  close(): void {
    this.resizes.disconnect();
  }

  show(items: readonly T[]): void {
    this.items = items;
    this.draw(true);
  }

  /** Rows that a screen has room for. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.parts.scroller.clientHeight / this.rowPx) - 1);
  }

  reveal(index: number): void {
    const { scroller } = this.parts;
    const top = index * this.rowPx;
    const bottom = top + this.rowPx;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = bottom - scroller.clientHeight;
    this.draw(true);
  }

  /** `again`: what stands in the rows may have changed, or their height. */
  private draw(again: boolean): void {
    const { scroller, space } = this.parts;
    if (again) {
      this.rowPx = Math.max(1, this.parts.rowPx());
      space.style.height = `${this.items.length * this.rowPx}px`;
    }
    const first = Math.max(0, Math.floor(scroller.scrollTop / this.rowPx) - SPARE);
    const room = Math.ceil(scroller.clientHeight / this.rowPx) + 2 * SPARE;
    const last = Math.min(this.items.length, first + room);
    while (this.pool.length < room) this.grow();
    const size = this.pool.length;
    for (const [slot, row] of this.pool.entries()) {
      // Each index has its slot: while scrolling only rows that came into sight change.
      const index = first + ((slot - (first % size) + size) % size);
      const item = index < last ? this.items[index] : undefined;
      row.view.element.hidden = item === undefined;
      if (item === undefined) row.index = -1;
      else if (again || row.index !== index) this.place(row, item, index);
    }
  }

  private place(row: { view: RowView<T>; index: number }, item: T, index: number): void {
    row.index = index;
    row.view.element.style.transform = `translateY(${index * this.rowPx}px)`;
    row.view.show(item, index);
  }

  private grow(): void {
    const view = this.parts.make();
    this.pool.push({ view, index: -1 });
    this.parts.space.append(view.element);
  }
}
