import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Child, PipePlan, PipeReader } from '../../bus/child.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { SystemClock } from '../time/system-clock.ts';
import { ChildPrograms, SpokenLines } from './child-programs.ts';

const clock = new SystemClock();
const programs = new ChildPrograms(clock);

/** Takes all that comes, into one piece of memory again and again. */
class Taker implements PipeReader {
  text = '';
  private readonly memory = new Uint8Array(1_000);
  room(): Uint8Array {
    return this.memory;
  }
  landed(count: number): void {
    this.text += Buffer.from(this.memory.subarray(0, count)).toString();
  }
}

function shell(
  script: string,
  pipes: readonly PipePlan[] = [],
  lines: string[] = [],
): Promise<Child> {
  const onLine = (line: string) => lines.push(line);
  return programs.start({ command: 'sh', args: ['-c', script], pipes, onLine });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('child programs', () => {
  it('reads what a program writes to its pipes, and tells its lines and its end', async () => {
    const [three, five] = [new Taker(), new Taker()];
    const lines: string[] = [];
    const child = await shell(
      'echo three >&3; echo five >&5; echo oops >&2; until read word <&4; do sleep 0.01; done; echo "$word" >&3; exit 7',
      [
        { kind: 'fromChild', reader: three },
        { kind: 'toChild' },
        { kind: 'fromChild', reader: five },
      ],
      lines,
    );
    child.inputs[0]?.write(Buffer.from('hello\n'));
    expect(await child.ended).toEqual({ code: 7, signal: null });
    expect(lines).toEqual(['oops']);
    expect(three.text).toBe('three\nhello\n');
    expect(five.text).toBe('five\n');
  });

  it('passes large amounts unharmed, in order', async () => {
    const taker = new Taker();
    const script = `const out = new (require('net').Socket)({ fd: 3 });
      out.end(Array.from({ length: 200_000 }, (_, i) => i + 1 + '\\n').join(''));`;
    const child = await programs.start({
      command: process.execPath,
      args: ['-e', script],
      pipes: [{ kind: 'fromChild', reader: taker }],
      onLine: () => {},
    });
    await child.ended;
    const numbers = taker.text.trimEnd().split('\n');
    expect(numbers).toHaveLength(200_000);
    expect(numbers.every((text, i) => Number(text) === i + 1)).toBe(true);
  });

  it('hears the beginning of a line that has no end, and what comes after it', async () => {
    const lines: string[] = [];
    const script = 'head -c 100000000 /dev/zero | tr "\\0" x >&2; printf "\\nlast" >&2';
    const before = process.memoryUsage().rss;
    const child = await shell(script, [], lines);
    await child.ended;
    expect(lines).toEqual(['x'.repeat(2_000), 'last']);
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  });

  it('stops a program that obeys at once, and one that does not after the grace', async () => {
    const obeying = await shell('exec sleep 60');
    expect(await obeying.stop(5_000)).toEqual({ code: null, signal: 'SIGINT' });
    const lines: string[] = [];
    const deaf = await shell(
      "trap '' INT; echo ready >&2; while :; do sleep 0.05; done",
      [],
      lines,
    );
    while (lines.length === 0) await new Promise((resolve) => clock.after(10, () => resolve(null)));
    expect(await deaf.stop(100)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('says in one line what is not installed', async () => {
    const start = programs.start({
      command: 'no-such-program',
      args: [],
      pipes: [],
      onLine: () => {},
    });
    await expect(start).rejects.toThrow('no-such-program: this program is not installed');
    await expect(start).rejects.toBeInstanceOf(HardwareFault);
  });

  it('leaves no files behind', async () => {
    const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith('deskmate-pipe-'));
    const before = ours();
    const child = await shell('exit 0', [{ kind: 'toChild' }]);
    await child.ended;
    expect(ours().filter((name) => !before.includes(name))).toEqual([]);
  });

  it('takes its program along when it is killed itself', async () => {
    const here = fileURLToPath(new URL('./child-programs.ts', import.meta.url));
    const clockFile = fileURLToPath(new URL('../time/system-clock.ts', import.meta.url));
    const bundle = fileURLToPath(
      new URL('../../../node_modules/esbuild/lib/main.js', import.meta.url),
    );
    // A process of our own that starts a program which heeds nothing, prints its id, and hangs.
    const script = `
      import { buildSync } from '${bundle}';
      const code = \`
        import { ChildPrograms } from '${here}';
        import { SystemClock } from '${clockFile}';
        const child = await new ChildPrograms(new SystemClock()).start({
          command: 'sh', args: ['-c', "trap '' INT TERM HUP PIPE; while :; do sleep 0.1; done"], pipes: [], onLine() {},
        });
        console.error(child.pid);\`;
      const { outputFiles } = buildSync({ stdin: { contents: code, resolveDir: '/' }, bundle: true,
        platform: 'node', format: 'esm', write: false });
      await import('data:text/javascript;base64,' + Buffer.from(outputFiles[0].text).toString('base64'));`;
    const lines: string[] = [];
    const parent = await programs.start({
      command: process.execPath,
      args: ['--input-type=module', '-e', script],
      pipes: [],
      onLine: (line) => lines.push(line),
    });
    while (lines.length === 0 && alive(parent.pid))
      await new Promise((resolve) => clock.after(20, () => resolve(null)));
    const pid = Number(lines[0]);
    expect(lines).toEqual([String(pid)]);
    expect(alive(pid)).toBe(true);
    process.kill(parent.pid, 'SIGKILL');
    await parent.ended;
    for (let tries = 0; tries < 100 && alive(pid); tries++)
      await new Promise((resolve) => clock.after(20, () => resolve(null)));
    expect(alive(pid)).toBe(false);
  });
});

function heard(pieces: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const spoken = new SpokenLines((line) => lines.push(line));
  for (const piece of pieces) spoken.take(piece);
  spoken.end();
  return lines;
}

describe('lines of a program', () => {
  it('are the same in whatever pieces they come', () => {
    const text = Buffer.from('ERROR: från källan\r\n\n40 %\r41 %\r\nlast, without an end');
    const lines = ['ERROR: från källan', '40 %', '41 %', 'last, without an end'];
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(heard(at.slice(1).map((to, i) => text.subarray(at[i], to)))).toEqual(lines);
      }),
    );
  });

  it('are kept from their beginning, however long they are', () => {
    const much = Array.from({ length: 1_000 }, () => Buffer.alloc(64_000, 'x'));
    expect(heard([...much, Buffer.from('\nlast\n')])).toEqual(['x'.repeat(2_000), 'last']);
  });

  it('may hold any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (pieces) => {
        for (const line of heard(pieces.map((piece) => Buffer.from(piece))))
          expect(line).not.toMatch(/^$|[\r\n]/);
      }),
    );
  });
});
