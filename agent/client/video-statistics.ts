import type { Quality } from './api.ts';

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
interface SideMeasures {
  /** From capture to the encoder, as the robot said. */
  readonly cameraDelayMs: number;
  /** Capture time to expected display time of the newest frames, when the browser tells. */
  readonly framePathMs: number | undefined;
  readonly roundTripMs: number | undefined;
  /** False where there is no picture to measure: a pause, a camera that is off or out of order. */
  readonly cameraOn: boolean;
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
    videoLatencyMs: side.cameraOn && frames > 0 ? glassToGlass(was, is, side) : undefined,
    roundTripMs: side.roundTripMs ?? is.iceRoundTripMs,
    lossRatio: expected > 0 ? lost / expected : undefined,
    framesPerSecond: side.cameraOn && seconds > 0 ? Math.max(0, frames) / seconds : undefined,
    width: is.width,
    height: is.height,
  };
  const began = was.framesDecoded > 0 || is.framesDecoded > 0;
  return { ...measured, ...judge(measured, side.cameraOn && !began) };
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

type Grade = 'good' | 'fair' | 'poor';
type Measured = Omit<Quality, 'verdict' | 'trouble'>;

/** `waiting`: the first picture is still to come, so that its absence says nothing. */
function judge(measured: Measured, waiting: boolean): Pick<Quality, 'verdict' | 'trouble'> {
  const delay = gradeDelay(measured);
  const flow = gradeFlow(measured);
  if (waiting || (delay === undefined && flow === undefined))
    return { verdict: 'unknown', trouble: undefined };
  const verdict = worst(delay ?? 'good', flow ?? 'good');
  if (verdict === 'good') return { verdict, trouble: undefined };
  return { verdict, trouble: delay === verdict ? 'delay' : 'choppy' };
}

/**
 * 150 ms one way is good, 400 ms the limit for conversation (ITU-T G.114). Of the voice the network's
 * round trip is known: there with a question, back with the answer.
 */
function gradeDelay({ videoLatencyMs, roundTripMs }: Measured): Grade | undefined {
  if (videoLatencyMs === undefined && roundTripMs === undefined) return undefined;
  return worst(grade(videoLatencyMs ?? 0, 200, 400), grade(roundTripMs ?? 0, 400, 800));
}

/** No loss is known where nothing came at all: then the frames, which did not come either, tell. */
function gradeFlow({ lossRatio, framesPerSecond }: Measured): Grade | undefined {
  if (lossRatio === undefined && framesPerSecond === undefined) return undefined;
  return worst(grade(lossRatio ?? 0, 0.02, 0.08), grade(-(framesPerSecond ?? 30), -20, -8));
}

const grade = (value: number, fairAbove: number, poorAbove: number): Grade =>
  value > poorAbove ? 'poor' : value > fairAbove ? 'fair' : 'good';

const GRADES: readonly Grade[] = ['good', 'fair', 'poor'];
const worst = (one: Grade, other: Grade): Grade =>
  GRADES.indexOf(one) > GRADES.indexOf(other) ? one : other;

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
