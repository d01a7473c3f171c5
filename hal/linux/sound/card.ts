import type { Child, PipePlan } from '../../bus/child.ts';
import { MediaStateTeller } from '../../bus/media-state.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { MediaState } from '../../ports/media.ts';
import { type PipelinePlan, type PipelineTimes, SupervisedPipeline } from '../gst/supervised.ts';
import { programsWithAdvice, type SoundParts } from './card-parts.ts';

import { ChunkReader, VoiceWriter } from './chunks.ts';
import { EndProbe } from './end-probe.ts';
import { type EndNames, explainSound } from './explain.ts';
import { type PipelineEnds, type Processing, pipelineWords, type Shape } from './pipeline.ts';

/** Starts of microphone and speaker that come together make one pipeline, not two. */
const SETTLE_MS = 15;
const TIMES: Partial<PipelineTimes> = { first: 8_000, next: 600, again: 2_000, grace: 300 };

export type End = keyof Shape;
const ENDS: readonly End[] = ['capture', 'playback'];
export type OnChunk = (samples: Int16Array, capturedAtMs: number) => void;

/**
 * Microphone and speaker behind their one pipeline. The pipeline has the ends that are wanted and
 * whole; a change of ends is a new process, and the sound of the other end pauses meanwhile
 * (0.1 to 0.3 s, told as `waiting`):
 *
 * - microphone wanted: capture and playback, wanted or not, so that muting the pupil's voice makes
 *   no gap, and the canceller stays converged;
 * - microphone not wanted: playback alone. The capture device is closed: its rail goes off;
 * - an end that fails is left out, the other goes on, and the failed one is tried apart until it
 *   opens.
 */
export class SoundCard {
  readonly devices: Readonly<Record<End, MediaStateTeller>> = {
    capture: new MediaStateTeller(),
    playback: new MediaStateTeller(),
  };
  readonly voice = new VoiceWriter();
  private readonly wanted: Record<End, boolean> = { capture: false, playback: false };
  /** Why an end is left out. */
  private readonly broken: Partial<Record<End, string>> = {};
  private readonly pipeline: SupervisedPipeline;
  private readonly probe: EndProbe;
  private readonly clock: Clock;
  private readonly ends: PipelineEnds;
  private readonly names: EndNames;
  private readonly processing: Processing;
  private shape: Shape = { capture: false, playback: false };
  private settling: Timer | undefined;
  private onChunk: OnChunk | undefined;
  /** Called when the pipeline of before has ended. */
  private whenEnded: (() => void)[] = [];
  /** The end that the last failure was about. */
  private culprit: End | undefined;

  constructor(parts: SoundParts) {
    const programs = programsWithAdvice(parts.programs);
    this.clock = parts.clock;
    this.ends = parts.ends;
    this.names = parts.names;
    this.processing = parts.processing;
    this.pipeline = new SupervisedPipeline({
      programs,
      clock: parts.clock,
      name: 'sound',
      times: { ...TIMES, ...parts.times },
      onState: (state, why) => this.onPipeline(state, why),
      ...(parts.onTransition ? { onTransition: parts.onTransition } : {}),
      explainSilence: () => this.silence(),
    });
    this.probe = new EndProbe(programs, parts.clock, parts.ends, (end) => this.mended(end));
  }

  /** Starts an end. */
  acquire(end: End, onChunk?: OnChunk): void {
    if (end === 'capture') this.onChunk = onChunk;
    this.wanted[end] = true;
    delete this.broken[end];
    const flows = this.devices[end].state === 'running';
    if (!flows) this.devices[end].become('waiting', 'no data yet');
    this.settling ??= this.clock.after(SETTLE_MS, () => this.apply());
  }

  /** Resolves when the device of the end is closed; playback may stay open, silent. */
  async unwant(end: End): Promise<void> {
    this.wanted[end] = false;
    if (end === 'capture') this.onChunk = undefined;
    delete this.broken[end];
    this.probe.forget(end);
    this.devices[end].become('idle', 'stopped');
    await this.apply();
  }

  async close(): Promise<void> {
    await Promise.all(ENDS.map((end) => this.unwant(end)));
  }

  /** Makes the pipeline what it should be; resolves when one that is no more has ended. */
  private async apply(): Promise<void> {
    this.settling?.cancel();
    this.settling = undefined;
    const shape = this.rightShape();
    if (shape.capture === this.shape.capture && shape.playback === this.shape.playback) return;
    const hadAny = this.shape.capture || this.shape.playback;
    this.shape = shape;
    this.voice.open(undefined);
    if (!shape.capture && !shape.playback) {
      await this.pipeline.stop();
      this.tellEnded();
      return;
    }
    const ended = new Promise<void>((resolve) => this.whenEnded.push(resolve));
    this.pipeline.start(async () => this.plan());
    if (hadAny) await ended;
  }

  /** An end that is broken is left out as long as the other one can work. */
  private rightShape(): Shape {
    const { wanted, broken } = this;
    const capture = wanted.capture && (!broken.capture || !this.works('playback'));
    // Played silence costs little; opening it later would interrupt the microphone.
    const beside = wanted.capture && !broken.playback;
    const playback = (wanted.playback && (!broken.playback || !this.works('capture'))) || beside;
    return { capture, playback };
  }

  private works(end: End): boolean {
    return this.wanted[end] && !this.broken[end];
  }

  private plan(): PipelinePlan {
    this.tellEnded();
    const { shape } = this;
    const pipes: PipePlan[] = [];
    if (shape.capture) pipes.push({ kind: 'fromChild', reader: this.chunks() });
    if (shape.playback)
      pipes.push({ kind: 'toChild' }, { kind: 'fromChild', reader: this.ticks() });
    return {
      command: 'gst-launch-1.0',
      args: ['-q', ...pipelineWords(shape, this.ends, this.processing)],
      // Sentences are told apart by their English words.
      env: { LC_ALL: 'C', GST_DEBUG: '' },
      pipes,
      onChild: (child) => this.onChild(child),
      explain: (lines, end) => {
        const trouble = explainSound(lines, end, this.names);
        this.culprit = trouble.end;
        return trouble.why;
      },
    };
  }

  private tellEnded(): void {
    for (const resolve of this.whenEnded.splice(0)) resolve();
  }

  private onChild(child: Child): void {
    this.voice.open(child.inputs[0]);
  }

  private chunks(): ChunkReader {
    return new ChunkReader(this.clock, (samples, capturedAtMs) => {
      this.flows('capture');
      this.onChunk?.(samples, capturedAtMs);
    });
  }

  /** What was played comes back, to show that it is played; its content is of no use here. */
  private ticks() {
    const room = new Uint8Array(32_768);
    return { room: () => room, landed: () => this.flows('playback') };
  }

  private flows(end: End): void {
    delete this.broken[end];
    this.pipeline.alive();
    if (this.wanted[end]) this.devices[end].become('running', 'data flows');
  }

  private onPipeline(state: MediaState, why: string): void {
    if (state === 'fault') this.failed(why);
    // `running` is told by the data of each end, `idle` when it is no longer wanted.
    if (state === 'waiting') this.tell('waiting', why);
  }

  private failed(why: string): void {
    const { culprit } = this;
    this.culprit = undefined;
    this.voice.open(undefined);
    if (culprit) this.leaveOut(culprit, why);
    else this.tell('fault', why);
  }

  private leaveOut(culprit: End, why: string): void {
    this.broken[culprit] = why;
    if (this.wanted[culprit]) this.devices[culprit].become('fault', why);
    const other: End = culprit === 'capture' ? 'playback' : 'capture';
    if (!this.works(other)) return;
    this.devices[other].become('waiting', 'begins again without the other end');
    if (this.wanted[culprit]) this.probe.watch(culprit);
    // Not from within the supervisor's own step.
    this.settling ??= this.clock.after(0, () => this.apply());
  }

  private mended(end: End): void {
    if (!this.broken[end]) return;
    delete this.broken[end];
    void this.apply();
  }

  /** To the ends that are wanted and not out for a reason of their own. */
  private tell(state: MediaState, why: string): void {
    for (const end of ENDS)
      if (this.wanted[end] && !this.broken[end]) this.devices[end].become(state, why);
  }

  private silence(): string {
    const names = ENDS.filter((end) => this.shape[end]).map((end) => this.names[end]);
    return `${names.join(' and ')}: no sound flows; the sound pipeline is started again`;
  }
}
