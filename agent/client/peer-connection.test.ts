import { describe, expect, it } from 'vitest';
import { receiveWithLowDelay } from './peer-connection.ts';

const receiver = (kind: string, rest: object): RTCRtpReceiver =>
  ({ track: { kind }, ...rest }) as unknown as RTCRtpReceiver;

describe('receiveWithLowDelay', () => {
  it('uses the standard setting', () => {
    const video = receiver('video', { jitterBufferTarget: null, playoutDelayHint: null });
    expect(receiveWithLowDelay(video)).toBe(true);
    expect(video).toMatchObject({ jitterBufferTarget: 0, playoutDelayHint: null });
  });

  it('uses the older one where there is no other', () => {
    const video = receiver('video', { playoutDelayHint: null });
    expect(receiveWithLowDelay(video)).toBe(true);
    expect(video).toMatchObject({ playoutDelayHint: 0 });
  });

  it('leaves sound and browsers without a setting alone', () => {
    const audio = receiver('audio', { jitterBufferTarget: null });
    expect(receiveWithLowDelay(audio)).toBe(false);
    expect(audio).toMatchObject({ jitterBufferTarget: null });
    expect(receiveWithLowDelay(receiver('video', {}))).toBe(false);
  });
});
