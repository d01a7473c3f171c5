/**
 * The shipped echo canceller, faster than real time: what is played and what is heard are the two
 * channels of one file, so that GStreamer hands the canceller both in step, 10 ms by 10 ms.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dspWords, probeWords } from '../../../hal/linux/sound/pipeline.ts';
import { at } from './fourier.ts';

/** 10 ms of two channels. */
const BLOCK_BYTES = 1_920;
/**
 * Delay of the chain itself: band splitting, 670 samples with noise suppression. Found by
 * correlation; the same in each run.
 */
const CHAIN_SAMPLES = 670;

/** What leaves the microphone's chain, in step with `heard`. `words`: the element, to compare. */
export function processed(
  played: Float64Array,
  heard: Float64Array,
  words = dspWords(true),
): Float64Array {
  const folder = mkdtempSync(join(tmpdir(), 'deskmate-echo-'));
  try {
    const [input, output] = [join(folder, 'in'), join(folder, 'out')];
    writeFileSync(input, interleaved(played, heard));
    const pipeline = `filesrc location=${input} blocksize=${BLOCK_BYTES} !
      rawaudioparse format=pcm pcm-format=s16le sample-rate=48000 num-channels=2 ! deinterleave name=d
      d.src_0 ! audio/x-raw,channels=1 ! ${probeWords()} ! fakesink sync=false async=false
      d.src_1 ! audio/x-raw,channels=1 ! ${words} ! filesink location=${output} sync=false async=false`;
    const args = ['-q', ...pipeline.split(/\s+/)];
    const run = spawnSync('gst-launch-1.0', args, { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`gst-launch-1.0 failed: ${run.stderr ?? run.error}`);
    return inStep(readFileSync(output), heard.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function interleaved(left: Float64Array, right: Float64Array): Int16Array {
  const out = new Int16Array(2 * left.length);
  for (let i = 0; i < left.length; i++) {
    out[2 * i] = pcm(at(left, i));
    out[2 * i + 1] = pcm(at(right, i));
  }
  return out;
}

function inStep(bytes: Buffer, length: number): Float64Array {
  const out = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  return Float64Array.from({ length }, (_, i) => (out[i + CHAIN_SAMPLES] ?? 0) / 32_768);
}

function pcm(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
}
