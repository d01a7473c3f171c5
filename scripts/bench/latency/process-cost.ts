import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ is 100 on every Linux of today. */
const MS_PER_TICK = 10;

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** CPU time in milliseconds that a process and all below it have used so far; 0 when it is gone. */
export function cpuMs(root: number): number {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .flatMap(read);
  const below = (pid: number): number =>
    rows
      .filter((row) => row.parent === pid)
      .reduce((sum, row) => sum + row.ticks + below(row.pid), 0);
  const own = rows.find((row) => row.pid === root)?.ticks ?? 0;
  return (own + below(root)) * MS_PER_TICK;
}

function read(pid: number): ProcessRow[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold spaces: fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    return [{ pid, parent: parent ?? 0, ticks: (user ?? 0) + (system ?? 0) }];
  } catch {
    return []; // it ended meanwhile
  }
}
