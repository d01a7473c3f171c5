import type { SoundWiring } from '../../boards/board.ts';
import { CHUNK_SAMPLES, SAMPLE_RATE_HZ } from '../../ports/media.ts';

/**
 * The words of the one pipeline for both directions, as gst-launch-1.0 takes them.
 *
 *   microphone ! webrtcdsp ! fd                            (chunks to us)
 *   fd ! interaudiosink    interaudiosrc ! webrtcechoprobe ! speaker    (chunks from us)
 *
 * The inter elements cut playback in two: behind them sound is made on the pipeline's clock, with
 * exact timestamps, silence where nothing was written, and the oldest dropped where too much was.
 * So this process may pause, burst or hang: the speaker never starves, the pipeline never stalls,
 * and what the echo canceller is shown is always what is played.
 *
 * The canceller finds its reference by timestamps: played at PTS + latency, heard at PTS. The card
 * that captures gives the clock, so with one card there is no drift; a speaker of another card is
 * resampled to it.
 */
export interface Shape {
  readonly capture: boolean;
  readonly playback: boolean;
}

export interface Processing {
  /** Echo cancelling, noise suppression and gain control; without: the card's sound as it is. */
  readonly on: boolean;
  /** That of the board's wiring. */
  readonly echoDelayMs: number;
}

/** What stands at the pipeline's ends: a source and a sink, each of one element. */
export interface PipelineEnds {
  source(name: string): readonly string[];
  sink(name: string): readonly string[];
}

export const MICROPHONE = 'microphone';
export const SPEAKER = 'speaker';

const CHUNK_BYTES = CHUNK_SAMPLES * 2;
const CAPS = `audio/x-raw,format=S16LE,layout=interleaved,channels=1,rate=${SAMPLE_RATE_HZ}`;
const PCM = 'format=pcm pcm-format=s16le num-channels=1';
/** A sixth chunk is taken while five are queued: 60 ms. */
const VOICE_NS = { queue: 50_000_000, chunk: 10_000_000 } as const;
/**
 * What the card holds of playback: four periods survive what a busy machine does. Under 20 ms the
 * canceller would be shown what is played too late to use it.
 */
export const CARD_OUT_MS = 40;
/** What the card keeps of the room for a late reader, which adds no delay, and its period. */
const CARD_IN_US = { buffer: 100_000, period: 10_000 } as const;
/**
 * The canceller of webrtc-audio-processing 0.3 models 48 ms from its reference on, and nothing
 * before it. Timestamps of sound servers are off by some milliseconds either way, so playback is
 * put this much after the reference. Measured: an echo 3 ms too early leaves 15 dB, 7 ms later 58.
 */
const LEAD_MS = 10;

/** Pipes are fd 3 on, in the order microphone, speaker, ticks; those of the ends that are there. */
export function pipelineWords(
  shape: Shape,
  ends: PipelineEnds,
  processing: Processing,
): readonly string[] {
  const first = 3 + (shape.capture ? 1 : 0);
  return [
    ...(shape.capture ? captureWords(ends, processing, shape.playback) : []),
    ...(shape.playback ? playbackWords(ends, processing, first) : []),
  ];
}

function captureWords(ends: PipelineEnds, processing: Processing, echo: boolean): string[] {
  return [
    ...ends.source(MICROPHONE),
    `! ${CAPS} !`,
    ...(processing.on ? [dspWords(echo), '!'] : []),
    'fdsink fd=3 sync=false async=false',
  ].flatMap(words);
}

function playbackWords(ends: PipelineEnds, processing: Processing, fd: number): string[] {
  const probe = processing.on ? `${probeWords()} !` : '';
  return [
    `fdsrc fd=${fd} blocksize=${CHUNK_BYTES} ! rawaudioparse ${PCM} sample-rate=${SAMPLE_RATE_HZ} !`,
    'interaudiosink channel=voice sync=false async=false',
    `interaudiosrc channel=voice buffer-time=${VOICE_NS.queue} period-time=${VOICE_NS.chunk} latency-time=${VOICE_NS.chunk} !`,
    `${CAPS} ! ${probe} tee name=played ! audioconvert ! audioresample !`,
    ...ends.sink(SPEAKER),
    // Without a canceller nothing hangs on when a sample is played: a machine that is late plays late.
    processing.on ? referenceWords(processing.echoDelayMs) : 'sync=false',
    // A sign of life five times a second. Leaky: a reader that hangs must not stop the sound.
    'played. ! queue leaky=downstream max-size-buffers=20 !',
    `audiobuffersplit output-buffer-duration=1/5 ! fdsink fd=${fd + 1} sync=false async=false`,
  ].flatMap(words);
}

/**
 * Tuned by scripts/bench/io-sound.ts. Low suppression: it already leaves under 1/50 of the echo,
 * and each step up costs 2 dB and 0.07 STOI of whoever speaks at the same time. `delay-agnostic` and
 * `extended-filter` are not named: they do not reach the canceller of webrtc-audio-processing 0.3
 * (with delay-agnostic the reference then lacks its timestamps, and 1 dB is left), and later
 * versions of the element are without them.
 */
export function dspWords(echo: boolean): string {
  const cancel = echo ? 'echo-cancel=true probe=probe' : 'echo-cancel=false';
  return (
    `webrtcdsp ${cancel} echo-suppression-level=low ` +
    'noise-suppression=true noise-suppression-level=low ' +
    'gain-control=true limiter=true high-pass-filter=true voice-detection=false'
  );
}

export function probeWords(): string {
  return 'webrtcechoprobe name=probe';
}

/** Properties of the sink: where what is played lies against what the canceller is shown. */
function referenceWords(echoDelayMs: number): string {
  const leadMs = LEAD_MS - echoDelayMs;
  return leadMs >= 0 ? `ts-offset=${leadMs * 1e6}` : `render-delay=${-leadMs * 1e6}`;
}

/** A short attempt at one end, to know that it is back without disturbing the other. */
export function probeEndWords(end: keyof Shape, ends: PipelineEnds): readonly string[] {
  return end === 'capture'
    ? [...ends.source(MICROPHONE), 'num-buffers=3', ...words(`! ${CAPS} ! fakesink sync=false`)]
    : [
        ...words(`audiotestsrc wave=silence num-buffers=10 samplesperbuffer=${CHUNK_SAMPLES} !`),
        ...words(`${CAPS} ! audioconvert ! audioresample !`),
        ...ends.sink(SPEAKER),
      ];
}

/**
 * The ends of a board. A PipeWire system is spoken to by its PulseAudio interface
 * (pipewire-pulse): those elements keep the buffer times they are given and tell delay, which the
 * echo canceller needs.
 */
export function wiredEnds(wiring: SoundWiring, cardOutMs = CARD_OUT_MS): PipelineEnds {
  const kind = wiring.system === 'alsa' ? 'alsa' : 'pulse';
  const device = (name: string): string[] =>
    name === 'default' && kind === 'pulse' ? [] : [`device=${name}`];
  // Two cards have two clocks. Of one card, jumping when 40 ms are lost is never seen, and following
  // an estimate would move the echo about.
  const slave = wiring.input === wiring.output ? 'skew' : 'resample';
  return {
    source: (name) => [
      `${kind}src`,
      `name=${name}`,
      ...device(wiring.input),
      `buffer-time=${CARD_IN_US.buffer}`,
      `latency-time=${CARD_IN_US.period}`,
    ],
    sink: (name) => [
      `${kind}sink`,
      `name=${name}`,
      ...device(wiring.output),
      `buffer-time=${cardOutMs * 1_000}`,
      `latency-time=${CARD_IN_US.period}`,
      'processing-deadline=0',
      `slave-method=${slave}`,
    ],
  };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
