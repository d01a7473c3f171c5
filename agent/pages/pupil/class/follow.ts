import type { PupilClientApi, Quality } from '../../../client/api.ts';
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
      pictureCame: false,
    };
    client.on('connection', (connection) => {
      // Another connection may be a better one. In one step: by itself the trouble would seem to be over.
      const forgotten = connection.name === 'reconnecting' ? this.judged(undefined) : {};
      this.set({ ...forgotten, connection });
    });
    client.on('state', (robot) => this.set({ robot }));
    client.on('quality', (quality) => this.set(this.judged(quality)));
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
  private judged(quality: Quality | undefined): Pick<ClassModel, 'quality' | 'trouble'> {
    this.watch = quality ? watchTrouble(this.watch, quality) : noTrouble;
    return { quality: quality ?? UNMEASURED, trouble: this.watch.trouble };
  }

  /** A new lesson begins with nothing known of the last one. */
  forget(): void {
    const { quality, trouble } = this.judged(undefined);
    this.set({
      ...{ quality, trouble },
      ...{ robot: undefined, heard: 'silent', pictureChoice: 'auto', pictureCame: false },
    });
  }
}
