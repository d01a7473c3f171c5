import type { Quality } from './types.ts';

/** Running totals out of `getStats`, for differences between two moments. Seconds as W3C has them. */
export interface MediaTotals {
  readonly atMs: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly framesDecoded: number;
  readonly processingDelayS: number | undefined;
  readonly jitterBufferDelayS: number | undefined;
  readonly jitterBufferEmitted: number | undefined;
  readonly decodeTimeS: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Of ICE consent checks, milliseconds. */
  readonly iceRoundTripMs: number | undefined;
}

/** What the robot and the browser's compositor know and `getStats` does not. */
export interface SideMeasures {
  /** From capture to the encoder, as the robot said. */
  readonly cameraDelayMs: number;
  /** Capture time to expected display time of the newest frames, when the browser tells. */
  readonly framePathMs: number | undefined;
  readonly roundTripMs: number | undefined;
}

type VideoReport = RTCInboundRtpStreamStats & { totalProcessingDelay?: number };

export function readTotals(report: RTCStatsReport, atMs: number): MediaTotals | undefined {
  const video = findVideo(report);
  if (!video) return undefined;
  return {
    atMs,
    packetsReceived: video.packetsReceived ?? 0,
    packetsLost: Math.max(0, video.packetsLost ?? 0),
    framesDecoded: video.framesDecoded ?? 0,
    processingDelayS: video.totalProcessingDelay,
    jitterBufferDelayS: video.jitterBufferDelay,
    jitterBufferEmitted: video.jitterBufferEmittedCount,
    decodeTimeS: video.totalDecodeTime,
    width: video.frameWidth,
    height: video.frameHeight,
    iceRoundTripMs: iceRoundTrip(report),
  };
}

export function measureQuality(was: MediaTotals, is: MediaTotals, side: SideMeasures): Quality {
  const frames = is.framesDecoded - was.framesDecoded;
  const lost = Math.max(0, is.packetsLost - was.packetsLost);
  const expected = is.packetsReceived - was.packetsReceived + lost;
  const seconds = (is.atMs - was.atMs) / 1_000;
  const measured = {
    videoLatencyMs: frames > 0 ? glassToGlass(was, is, side) : undefined,
    roundTripMs: side.roundTripMs ?? is.iceRoundTripMs,
    lossRatio: expected > 0 ? lost / expected : undefined,
    framesPerSecond: seconds > 0 ? Math.max(0, frames) / seconds : undefined,
    width: is.width,
    height: is.height,
  };
  return { ...measured, verdict: judge(measured) };
}

/**
 * Camera to screen. Best from the frames themselves: the browser maps their capture time to its own
 * clock by RTCP sender reports. Otherwise the sum of the parts: half a round trip, then first packet
 * to decoded frame (`totalProcessingDelay` includes the jitter buffer, webrtc-stats 2023).
 */
function glassToGlass(was: MediaTotals, is: MediaTotals, side: SideMeasures): number | undefined {
  if (side.framePathMs !== undefined) return side.cameraDelayMs + side.framePathMs;
  const roundTripMs = side.roundTripMs ?? is.iceRoundTripMs;
  const receiverMs = receiverDelay(was, is);
  if (roundTripMs === undefined || receiverMs === undefined) return undefined;
  return side.cameraDelayMs + roundTripMs / 2 + receiverMs;
}

function receiverDelay(was: MediaTotals, is: MediaTotals): number | undefined {
  const frames = is.framesDecoded - was.framesDecoded;
  const processing = mean(was.processingDelayS, is.processingDelayS, frames);
  if (processing !== undefined) return processing;
  const emitted = (is.jitterBufferEmitted ?? 0) - (was.jitterBufferEmitted ?? 0);
  const buffered = mean(was.jitterBufferDelayS, is.jitterBufferDelayS, emitted);
  const decoding = mean(was.decodeTimeS, is.decodeTimeS, frames);
  return buffered === undefined ? undefined : buffered + (decoding ?? 0);
}

/** Milliseconds each, from totals in seconds. */
function mean(was: number | undefined, is: number | undefined, count: number): number | undefined {
  if (was === undefined || is === undefined || count <= 0) return undefined;
  return Math.max(0, ((is - was) / count) * 1_000);
}

/** 150 ms one way is good, 400 ms the limit for conversation (ITU-T G.114). */
function judge(quality: Omit<Quality, 'verdict'>): Quality['verdict'] {
  const { videoLatencyMs = 0, lossRatio, framesPerSecond } = quality;
  if (framesPerSecond === undefined || lossRatio === undefined) return 'unknown';
  if (videoLatencyMs > 400 || lossRatio > 0.08 || framesPerSecond < 8) return 'poor';
  if (videoLatencyMs > 200 || lossRatio > 0.02 || framesPerSecond < 20) return 'fair';
  return 'good';
}

function findVideo(report: RTCStatsReport): VideoReport | undefined {
  for (const entry of report.values())
    if (entry.type === 'inbound-rtp' && entry.kind === 'video') return entry;
  return undefined;
}

function iceRoundTrip(report: RTCStatsReport): number | undefined {
  for (const entry of report.values())
    if (entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded')
      return entry.currentRoundTripTime === undefined
        ? undefined
        : entry.currentRoundTripTime * 1_000;
  return undefined;
}
