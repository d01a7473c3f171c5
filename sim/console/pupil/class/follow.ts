import type { PupilClientApi, Quality } from '../../../../agent/client/types.ts';
import { type ClassModel, UNMEASURED } from './model.ts';
import { noTrouble, type TroubleWatch, watchTrouble } from './trouble-watch.ts';

/** Keeps the newest of everything the client tells, as one value. */
export class Follower {
  private now: ClassModel;
  private watch: TroubleWatch = noTrouble;

  constructor(
    client: PupilClientApi,
    private readonly changed: (model: ClassModel) => void,
  ) {
    this.now = {
      connection: client.connection,
      robot: client.state,
      quality: UNMEASURED,
      heard: 'silent',
      hasMicrophone: false,
      microphoneLost: false,
      trouble: undefined,
      pictureChoice: 'auto',
      soundBlocked: false,
    };
    client.on('connection', (connection) => {
      // Another connection may be a better one.
      if (connection.name === 'reconnecting') this.judge(undefined);
      this.set({ connection });
    });
    client.on('state', (robot) => this.set({ robot }));
    client.on('quality', (quality) => this.judge(quality));
    client.on('heard', ({ verdict }) => this.set({ heard: verdict }));
  }

  get model(): ClassModel {
    return this.now;
  }

  set(news: Partial<ClassModel>): void {
    this.now = { ...this.now, ...news };
    this.changed(this.now);
  }

  /** Undefined: what was measured before says nothing any more. */
  private judge(quality: Quality | undefined): void {
    this.watch = quality ? watchTrouble(this.watch, quality) : noTrouble;
    this.set({ quality: quality ?? UNMEASURED, trouble: this.watch.trouble });
  }

  /** A new lesson begins with nothing known of the last one. */
  forget(): void {
    this.judge(undefined);
    this.set({ robot: undefined, heard: 'silent', pictureChoice: 'auto' });
  }
}
