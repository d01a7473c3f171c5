/** The pupil's microphone: asked for in words, measured for the meter, watched for being unplugged. */
export type MicrophoneTrouble = 'denied' | 'missing' | 'failed';

export type Opened =
  | { ok: true; microphone: OpenMicrophone }
  | { ok: false; trouble: MicrophoneTrouble };

/** The part of the browser that gives microphones; tests give others. */
export type MediaSource = Pick<MediaDevices, 'getUserMedia'>;

/** Only sound is ever asked for: the pupil is never shown. */
const WISHES: MediaStreamConstraints = {
  video: false,
  audio: {
    channelCount: 1,
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  },
};

export async function openMicrophone(source: MediaSource | undefined): Promise<Opened> {
  // Browsers grant no microphone to pages without TLS.
  if (!source) return { ok: false, trouble: 'missing' };
  try {
    return { ok: true, microphone: new OpenMicrophone(await source.getUserMedia(WISHES)) };
  } catch (error) {
    return { ok: false, trouble: troubleOf(error) };
  }
}

export function troubleOf(error: unknown): MicrophoneTrouble {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return 'failed';
}

/** True when the browser will grant the microphone without asking. */
export async function microphoneAllowed(page: Navigator): Promise<boolean> {
  try {
    const status = await page.permissions.query({ name: 'microphone' as PermissionName });
    return status.state === 'granted';
  } catch {
    // Not every browser answers this question; then the pupil presses the button.
    return false;
  }
}

export class OpenMicrophone {
  private context: AudioContext | undefined;
  private analyser: AnalyserNode | undefined;
  private samples = new Float32Array(0);

  constructor(readonly stream: MediaStream) {}

  /** The track ends by itself when it is unplugged or the permission is taken back. */
  onLost(act: () => void): void {
    for (const track of this.stream.getAudioTracks()) track.addEventListener('ended', act);
  }

  /** Loudness now, 0 (silence) to 1 (as loud as it goes). */
  level(): number {
    const analyser = this.analyser ?? this.listen();
    analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    return levelOf(Math.sqrt(sum / Math.max(1, this.samples.length)));
  }

  /** Speech to nobody: the microphone stays open, its sound ends here. */
  mute(on: boolean): void {
    for (const track of this.stream.getAudioTracks()) track.enabled = !on;
  }

  /** Ends the measuring, keeps the microphone. */
  stopMeasuring(): void {
    void this.context?.close();
    this.context = undefined;
    this.analyser = undefined;
  }

  close(): void {
    this.stopMeasuring();
    for (const track of this.stream.getTracks()) track.stop();
  }

  private listen(): AnalyserNode {
    this.context = new AudioContext();
    void this.context.resume();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.context.createMediaStreamSource(this.stream).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
    return this.analyser;
  }
}

const QUIETEST_DB = -60;

/** RMS as ears hear it: from -60 dB (0) to full scale (1). */
export function levelOf(rms: number): number {
  const db = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.min(1, Math.max(0, 1 - db / QUIETEST_DB));
}

interface Ready {
  readonly stream: MediaStream | undefined;
  /** Why there is no sound though the pupil wanted to talk. */
  readonly trouble: MicrophoneTrouble | undefined;
}

/** The pupil's microphone over the screens: opened once in the lobby, taken along to class, closed after. */
export class Ear {
  private opened: OpenMicrophone | undefined;
  private listening = false;

  constructor(
    private readonly source: MediaSource | undefined,
    private readonly lost: () => void,
  ) {}

  /** What was chosen the last time, for trying again. */
  get chosenToListen(): boolean {
    return this.listening;
  }

  async open(): Promise<Opened> {
    if (this.opened) return { ok: true, microphone: this.opened };
    const opened = await openMicrophone(this.source);
    if (opened.ok) {
      this.opened = opened.microphone;
      opened.microphone.onLost(() => {
        if (this.opened !== opened.microphone) return;
        this.opened = undefined;
        this.lost();
      });
    }
    return opened;
  }

  /** What to take to class; a microphone that is not taken along is closed. */
  async ready(listening: boolean): Promise<Ready> {
    this.listening = listening;
    if (listening) {
      this.close();
      return { stream: undefined, trouble: undefined };
    }
    const opened = await this.open();
    if (!opened.ok) return { stream: undefined, trouble: opened.trouble };
    opened.microphone.stopMeasuring();
    return { stream: opened.microphone.stream, trouble: undefined };
  }

  mute(on: boolean): void {
    this.opened?.mute(on);
  }

  close(): void {
    const closing = this.opened;
    this.opened = undefined;
    closing?.close();
  }
}
