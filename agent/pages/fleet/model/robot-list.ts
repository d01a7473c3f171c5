/** All robots that the person sees, in the order and with the filter that were chosen. */
import type { Robot } from './robot.ts';

export const SORT_KEYS = ['name', 'school', 'state', 'battery', 'seen'] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** States that need somebody come first. */
const ORDER = [
  ...(['alert', 'lost', 'unknown', 'disconnected', 'init', 'updating'] as const),
  ...(['live', 'paused', 'ready', 'sleeping'] as const),
];

/** Names as people sort them: robot 2 before robot 10. */
const COLLATOR = new Intl.Collator(undefined, { numeric: true });
const titleOf = ({ name, id }: Robot): string => name ?? id;

const BY: Readonly<Record<SortKey, (a: Robot, b: Robot) => number>> = {
  name: (a, b) => COLLATOR.compare(titleOf(a), titleOf(b)),
  school: (a, b) => COLLATOR.compare(a.school ?? '', b.school ?? ''),
  state: (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state),
  battery: (a, b) => batteryOf(a) - batteryOf(b),
  seen: (a, b) => (b.seenMs ?? 0) - (a.seenMs ?? 0),
};
const batteryOf = ({ measured }: Robot): number => measured?.batteryPercent ?? 101;

export class RobotList {
  private readonly robots = new Map<string, Robot>();
  private readonly selected = new Set<string>();
  private sorted: readonly Robot[] | undefined;
  private filtered: readonly Robot[] | undefined;
  private by: Sort = { key: 'name', descending: false };
  private matches: (robot: Robot) => boolean = () => true;

  get size(): number {
    return this.robots.size;
  }

  get sort(): Sort {
    return this.by;
  }

  /** Sorted and filtered. */
  get shown(): readonly Robot[] {
    this.sorted ??= sortRobots([...this.robots.values()], this.by);
    this.filtered ??= this.sorted.filter(this.matches);
    return this.filtered;
  }

  get all(): Iterable<Robot> {
    return this.robots.values();
  }

  get selection(): readonly Robot[] {
    return [...this.selected].flatMap((id) => this.robots.get(id) ?? []);
  }

  get(id: string): Robot | undefined {
    return this.robots.get(id);
  }

  replace(robots: readonly Robot[]): void {
    this.robots.clear();
    for (const robot of robots) this.robots.set(robot.id, robot);
    for (const id of this.selected) if (!this.robots.has(id)) this.selected.delete(id);
    this.resort();
  }

  put(robot: Robot): void {
    this.robots.set(robot.id, robot);
    this.resort();
  }

  remove(id: string): void {
    this.robots.delete(id);
    this.selected.delete(id);
    this.resort();
  }

  sortBy(sort: Sort): void {
    this.by = sort;
    this.resort();
  }

  filter(matches: (robot: Robot) => boolean): void {
    this.matches = matches;
    this.filtered = undefined;
  }

  isSelected(id: string): boolean {
    return this.selected.has(id);
  }

  select(ids: readonly string[], on: boolean): void {
    for (const id of ids)
      if (on) this.selected.add(id);
      else this.selected.delete(id);
  }

  clearSelection(): void {
    this.selected.clear();
  }

  private resort(): void {
    this.sorted = undefined;
    this.filtered = undefined;
  }
}

/** Equal ones by name, so that rows never trade places without a reason. */
export function sortRobots(robots: readonly Robot[], { key, descending }: Sort): Robot[] {
  const sign = descending ? -1 : 1;
  return [...robots].sort(
    (a, b) => sign * BY[key](a, b) || BY.name(a, b) || (a.id < b.id ? -1 : 1),
  );
}
