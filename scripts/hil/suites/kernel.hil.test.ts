import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

describe('kernel', () => {
  it('is', () => {
    expect(readFileSync('/proc/version', 'utf8')).toContain('Linux');
  });
});
