import type { PupilClientApi } from '../../../client/api.ts';
import { h } from '../../shared/dom.ts';
import { SoundOut } from './sound-out.ts';

interface ClassMediaEvents {
  /** From a first frame on pictures come. */
  readonly onPicture: () => void;
  /** The browser plays no sound before a press. */
  readonly onSoundBlocked: (blocked: boolean) => void;
}

/** Picture and sound of the class, as the browser plays them. */
export class ClassMedia {
  readonly video = h('video', { id: 'picture', playsinline: true, 'aria-hidden': 'true' });
  private readonly sound: SoundOut;

  constructor(
    private readonly client: PupilClientApi,
    page: Document,
    { onPicture, onSoundBlocked }: ClassMediaEvents,
  ) {
    // The picture may start by itself only without sound; the sound has its own element.
    this.video.muted = true;
    this.video.autoplay = true;
    // A first frame, of another lesson too: pictures come from then on.
    for (const event of ['resize', 'loadeddata'])
      this.video.addEventListener(event, () => {
        if (this.video.videoWidth > 0) onPicture();
      });
    this.sound = new SoundOut(page);
    this.sound.onBlocked(onSoundBlocked);
    client.on('video', (stream) => {
      this.video.srcObject = stream;
      this.goOn();
    });
    client.on('audio', (stream) => this.sound.play(stream));
    page.addEventListener('visibilitychange', () => {
      // Browsers pause pictures of hidden pages; some forget to go on.
      if (!page.hidden) this.goOn();
    });
  }

  /** Within a press of the pupil: only then may sound start later. */
  prepare(): void {
    this.sound.prepare();
  }

  startSound(): void {
    this.sound.start();
  }

  /** The picture that there is plays, also after its element was moved. */
  goOn(): void {
    if (this.video.srcObject) this.video.play().catch(() => undefined);
  }

  /** Has the client measure when frames are shown. */
  watchFrames(): void {
    this.client.watchFrames(this.video);
  }

  stop(): void {
    this.client.watchFrames(undefined);
    this.sound.stop();
    this.video.srcObject = null;
  }
}
