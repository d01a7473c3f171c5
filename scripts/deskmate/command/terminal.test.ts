import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openTerminal } from './terminal.ts';

function openOn(): { fail(which: 'stdout' | 'stderr', code: string): void; lost: Error[] } {
  const streams = { stdout: new EventEmitter(), stderr: new EventEmitter(), stdin: {} };
  const lost: Error[] = [];
  openTerminal(streams as unknown as NodeJS.Process, {}, (error) => lost.push(error));
  const fail = (which: 'stdout' | 'stderr', code: string): void =>
    void streams[which].emit('error', Object.assign(new Error(code), { code }));
  return { fail, lost };
}

describe('what could not be written', () => {
  it('is told when it was to be kept, and not when the reader has gone', () => {
    const { fail, lost } = openOn();
    fail('stdout', 'EPIPE');
    fail('stderr', 'ENOSPC');
    expect(lost).toEqual([]);
    fail('stdout', 'ENOSPC');
    expect(lost.map(({ message }) => message)).toEqual(['ENOSPC']);
  });
});
