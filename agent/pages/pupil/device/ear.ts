import {
  type MediaSource,
  type MicrophoneTrouble,
  type Opened,
  type OpenMicrophone,
  openMicrophone,
} from './microphone.ts';

export interface Ready {
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
