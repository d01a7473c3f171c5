import type { PupilClientApi } from '../../../../agent/client/types.ts';
import { type ClassModel, UNMEASURED } from './model.ts';

/** Keeps the newest of everything the client tells, as one value. */
export class Follower {
  private now: ClassModel;

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
      soundBlocked: false,
    };
    client.on('connection', (connection) => this.set({ connection }));
    client.on('state', (robot) => this.set({ robot }));
    client.on('quality', (quality) => this.set({ quality }));
    client.on('heard', ({ verdict }) => this.set({ heard: verdict }));
  }

  get model(): ClassModel {
    return this.now;
  }

  set(news: Partial<ClassModel>): void {
    this.now = { ...this.now, ...news };
    this.changed(this.now);
  }

  /** A new lesson begins with nothing known of the last one. */
  forget(): void {
    this.set({ robot: undefined, quality: UNMEASURED, heard: 'silent' });
  }
}
