/**
 * Disk cost of acknowledging a usage record: the journal beside a queue that rewrites
 * its file, as small stores do, each with the same records, syncs and folder, in turns.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Journal } from '../../agent/state/journal.ts';
import { FileStorage } from '../../hal/linux/storage/file-storage.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { type Bench, result } from './result.ts';

/** A school year of lessons that a robot without a broker has kept. */
const RECORDS = 1_000;
const ROUNDS = 50;

type Kept = { readonly id: string; readonly note: string };

export const journalBench: Bench = async ({ log }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-journal-'));
  try {
    const [mine, theirs] = [await counted(folder, 'ours'), await counted(folder, 'peer')];
    const parse = (line: string): Kept => JSON.parse(line);
    const ours = new Journal(mine, silentLog, { name: 'bench', parse });
    const peer = new RewritingQueue(theirs);
    for (let n = 0; n < RECORDS; n++) await ours.append(record(n));
    await peer.fill(Array.from({ length: RECORDS }, (_, n) => record(n)));
    log(`${RECORDS} records wait in ${folder}`);
    const figures = { ours: new Figures(), peer: new Figures() };
    for (let n = 0; n < ROUNDS; n++) {
      await figures.ours.of(mine, () => ours.acknowledge(record(n).id));
      await figures.peer.of(theirs, () => peer.acknowledge(record(n).id));
    }
    return [
      result('journal_ack_written', 'byte', figures.ours.bytes, { rewriting: figures.peer.bytes }),
      result('journal_ack_time', 'ms', figures.ours.times, { rewriting: figures.peer.times }),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
};

const record = (n: number): Kept => ({
  id: n.toString(16).padStart(32, '0'),
  note: 'x'.repeat(350),
});

class Figures {
  readonly bytes: number[] = [];
  readonly times: number[] = [];

  async of(disk: Counted, act: () => Promise<void>): Promise<void> {
    const [bytes, since] = [disk.bytes, performance.now()];
    await act();
    this.times.push(performance.now() - since);
    this.bytes.push(disk.bytes - bytes);
  }
}

/** One file, whole, at each change. */
class RewritingQueue {
  private records: Kept[] = [];

  constructor(private readonly storage: Storage) {}

  fill(records: readonly Kept[]): Promise<void> {
    this.records = [...records];
    return this.save();
  }

  acknowledge(id: string): Promise<void> {
    this.records = this.records.filter((one) => one.id !== id);
    return this.save();
  }

  private save(): Promise<void> {
    return this.storage.write('queue.json', JSON.stringify(this.records));
  }
}

type Counted = Storage & { readonly bytes: number };

async function counted(folder: string, name: string): Promise<Counted> {
  const storage = await FileStorage.open(path.join(folder, name));
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    read: (file) => storage.read(file),
    list: () => storage.list(),
    readLines: (file) => storage.readLines(file),
    write: (file, text) => {
      bytes += text.length;
      return storage.write(file, text);
    },
    append: (file, line) => {
      bytes += line.length + 1;
      return storage.append(file, line);
    },
    remove: (file) => storage.remove(file),
    rename: (from, to) => storage.rename(from, to),
  };
}
