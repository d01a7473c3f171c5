import { expect, it } from 'vitest';
import { leftovers } from './namespaces.ts';

it('removes what killed runs left, and nothing else', () => {
  const running = new Map([
    [41, '1000'],
    [42, '9000'],
  ]);
  const names = [
    'deskmate-field-41-1000-home',
    // The pid was reused by another process.
    'deskmate-field-42-1000-home',
    'deskmate-field-43-1000-school',
    'deskmate-fieldwork',
    'office',
  ];
  expect(leftovers(names, (pid) => running.get(pid))).toEqual([
    'deskmate-field-42-1000-home',
    'deskmate-field-43-1000-school',
  ]);
});
