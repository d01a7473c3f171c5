import { describe, expect, it } from 'vitest';
import { memoryShelf, type Shelf } from '../../../client/shelf.ts';
import { unfitness } from './fitness.ts';

const whole = { isSecureContext: true, RTCPeerConnection: class {} };

describe('a browser that a pupil comes with', () => {
  it('is fit, and nothing of the look is left behind', async () => {
    const shelf = memoryShelf();
    expect(await unfitness(whole, shelf)).toBeUndefined();
    expect(await shelf.get('probe')).toBeUndefined();
  });

  it('cannot without TLS, nor without calls', async () => {
    const shelf = memoryShelf();
    expect(await unfitness({ ...whole, isSecureContext: false }, shelf)).toBe('insecure');
    expect(await unfitness({ isSecureContext: true }, shelf)).toBe('noCalls');
  });

  it.each(['SecurityError', 'InvalidStateError', 'QuotaExceededError'])(
    'cannot keep anything: %s',
    async (name) => {
      const closed: Shelf = {
        ...memoryShelf(),
        put: () => Promise.reject(new DOMException('no', name)),
      };
      expect(await unfitness(whole, closed)).toBe('noStorage');
    },
  );
});
