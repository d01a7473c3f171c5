/**
 * The shipped echo canceller, faster than real time: far end and microphone are the two channels of
 * one file, so that GStreamer passes both to the canceller in step, in blocks of 10 ms.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dspWords, probeWords } from '../../../hal/linux/sound/pipeline.ts';
import { at } from './fourier.ts';
import { speechOf } from './scene.ts';

/** 10 ms of two channels. */
const BLOCK_BYTES = 1_920;
/** 30 ms: no chain takes longer. */
const MAX_CHAIN_SAMPLES = 1_440;
const chains = new Map<string, number>();

/** What leaves the microphone's chain, in step with `heard`. `words`: the element, to compare. */
export function processed(
  played: Float64Array,
  heard: Float64Array,
  words = dspWords(true),
): Float64Array {
  return inStep(run(played, heard, words), heard.length, chainSamples(words));
}

/**
 * Delay of the chain itself, from splitting and joining bands: 670 samples with noise suppression in
 * Debian 12, 718 in Debian 13. Found by correlation with a sentence that nothing is played to.
 */
function chainSamples(words: string): number {
  const known = chains.get(words);
  if (known !== undefined) return known;
  const sentence = speechOf([2]);
  const out = run(new Float64Array(sentence.length), sentence, words);
  let [best, most] = [0, 0];
  for (let lag = 0; lag <= MAX_CHAIN_SAMPLES; lag++) {
    let likeness = 0;
    for (let i = 0; i < sentence.length; i += 3) likeness += at(sentence, i) * (out[i + lag] ?? 0);
    if (likeness > most) [best, most] = [lag, likeness];
  }
  chains.set(words, best);
  return best;
}

function run(played: Float64Array, heard: Float64Array, words: string): Int16Array {
  const folder = mkdtempSync(join(tmpdir(), 'deskmate-echo-'));
  try {
    const [input, output] = [join(folder, 'in'), join(folder, 'out')];
    writeFileSync(input, interleaved(played, heard));
    const pipeline = `filesrc location=${input} blocksize=${BLOCK_BYTES} !
      rawaudioparse format=pcm pcm-format=s16le sample-rate=48000 num-channels=2 ! deinterleave name=d
      d.src_0 ! audio/x-raw,channels=1 ! ${probeWords()} ! fakesink sync=false async=false
      d.src_1 ! audio/x-raw,channels=1 ! ${words} ! filesink location=${output} sync=false async=false`;
    const args = ['-q', ...pipeline.split(/\s+/)];
    const gst = spawnSync('gst-launch-1.0', args, { encoding: 'utf8' });
    if (gst.status !== 0) throw new Error(`gst-launch-1.0 failed: ${gst.stderr ?? gst.error}`);
    const bytes = readFileSync(output);
    return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
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

function inStep(out: Int16Array, length: number, late: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => (out[i + late] ?? 0) / 32_768);
}

function pcm(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
}
