import { describe, expect, it } from 'vitest';
import { type KeyValueStore, memoryStore } from '../../../client/key-value-store.ts';
import { unfitness } from './fitness.ts';

const whole = { isSecureContext: true, RTCPeerConnection: class {} };

describe('a browser that a pupil comes with', () => {
  it('is fit, and nothing of the look is left behind', async () => {
    const store = memoryStore();
    expect(await unfitness(whole, store)).toBeUndefined();
    expect(await store.get('probe')).toBeUndefined();
  });

  it('cannot without TLS, nor without calls', async () => {
    const store = memoryStore();
    expect(await unfitness({ ...whole, isSecureContext: false }, store)).toBe('insecure');
    expect(await unfitness({ isSecureContext: true }, store)).toBe('noCalls');
  });

  it.each(['SecurityError', 'InvalidStateError', 'QuotaExceededError'])(
    'cannot keep anything: %s',
    async (name) => {
      const closed: KeyValueStore = {
        ...memoryStore(),
        put: () => Promise.reject(new DOMException('no', name)),
      };
      expect(await unfitness(whole, closed)).toBe('noStorage');
    },
  );
});
