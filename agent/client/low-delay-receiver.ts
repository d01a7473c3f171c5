/**
 * What the pupil's browser can do so that the robot's picture is shown as soon as it can be. Most
 * of it is the robot's part (see agent/media/outgoing-video.ts); here, nothing may be added to it.
 */

/** Chromium's name before `jitterBufferTarget` was standardised, in seconds. */
interface OldReceiver {
  playoutDelayHint?: number | null;
}

/**
 * Asks for no buffer beyond what the measured jitter calls for. Only for pictures: a sound receiver
 * is left alone, as its buffer is what covers loss. False when the browser has no such setting.
 */
export function receiveWithLowDelay(receiver: RTCRtpReceiver): boolean {
  if (receiver.track.kind !== 'video') return false;
  if ('jitterBufferTarget' in receiver) {
    receiver.jitterBufferTarget = 0;
    return true;
  }
  const old: OldReceiver = receiver;
  if (!('playoutDelayHint' in old)) return false;
  old.playoutDelayHint = 0;
  return true;
}
