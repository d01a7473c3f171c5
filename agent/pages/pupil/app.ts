import type { Binding, ConnectionState, PupilClientApi } from '../../client/api.ts';
import { parseInvitation } from '../../wire/invitation.ts';
import { Follower, type PictureChoice } from './class/model.ts';
import { refusedCommandKey } from './class/state-words.ts';
import { ClassMedia } from './device/class-media.ts';
import { Ear, type MicrophoneTrouble } from './device/microphone.ts';
import { Awake, BackGuard } from './device/page-guards.ts';
import { Tabs } from './device/tabs.ts';
import { Display } from './display.ts';
import { refusalOf } from './flow/outcome-words.ts';
import { type FlowEvent, nextScreen, type OpenedLink, type Screen } from './flow/screens.ts';
import type { Services } from './parts/screen.ts';
import type { AppActs } from './views.ts';

/** The page: keeps the screen, performs what the screens ask for, and shows what came of it. */
export class App implements AppActs {
  readonly follower: Follower;
  readonly ear: Ear;
  private readonly media: ClassMedia;
  private readonly awake: Awake;
  private screen: Screen = { name: 'opening' };
  private readonly display: Display;
  private wasAway = false;
  private leaving: Promise<void> = Promise.resolve();
  readonly tabs: Tabs;
  private readonly back: BackGuard;

  constructor(
    readonly services: Services,
    private readonly page: Document,
    root: HTMLElement,
  ) {
    this.display = new Display(services, page, root);
    this.tabs = new Tabs(services.tabChannel, services.clock, tabName());
    this.back = new BackGuard(page.defaultView ?? window, () => this.backPressed());
    this.media = new ClassMedia(services.client, page, {
      onPicture: () => this.follower.set({ pictureCame: true }),
      onSoundBlocked: (soundBlocked) => this.follower.set({ soundBlocked }),
    });
    this.awake = new Awake(page);
    this.ear = new Ear(services.mediaSource, () => this.microphoneLost());
    this.follower = new Follower(services.client, (model) =>
      this.display.view?.updateClass?.(model),
    );
    this.follow(services.client);
    services.language.onChange(() => {
      this.display.hush();
      this.render();
    });
  }

  get video(): HTMLVideoElement {
    return this.media.video;
  }

  get client(): PupilClientApi {
    return this.services.client;
  }

  /**
   * Reads the link that the page was opened with, and takes it out of the address bar; not where the
   * browser lacks what it takes: there the link must stay to be opened elsewhere.
   */
  async open(): Promise<void> {
    const why = await this.services.unfitness();
    if (why) return this.dispatch({ kind: 'unfit', why });
    const link = readLink(this.page.location.hash);
    if (link.kind !== 'none') {
      history.replaceState(null, '', this.page.location.pathname + this.page.location.search);
    }
    const locked = await this.services.pin.isLocked();
    const bindings = locked ? [] : await this.client.bindings();
    this.dispatch({ kind: 'opened', link, bindings, locked });
  }

  async bind(): Promise<void> {
    if (this.screen.name !== 'invited' || this.screen.busy) return;
    const { invitation } = this.screen;
    this.dispatch({ kind: 'binding' });
    try {
      const binding = await this.client.bind(invitation);
      this.dispatch({ kind: 'bound', binding, pinExists: await this.services.pin.isSet() });
    } catch (error) {
      this.dispatch({ kind: 'bindFailed', reason: refusalOf(error) });
    }
  }

  async savePin(pin: string): Promise<void> {
    await this.services.pin.set(pin);
    this.dispatch({ kind: 'pinDone' });
  }

  skipPin(): void {
    this.dispatch({ kind: 'pinDone' });
  }

  async unlock(pin: string): ReturnType<Services['pin']['check']> {
    const check = await this.services.pin.check(pin);
    if (check.ok) this.dispatch({ kind: 'unlocked', bindings: await this.client.bindings() });
    return check;
  }

  async forgetAll(): Promise<void> {
    await this.services.pin.abandon();
    await this.open();
  }

  async forget(binding: Binding): Promise<void> {
    await this.client.forget(binding.robot);
    await this.open();
  }

  choose(binding: Binding): void {
    this.dispatch({ kind: 'chosen', binding });
  }

  /** Done for today: on a shared device the next one finds it locked. */
  async toStart(): Promise<void> {
    this.services.pin.lock();
    await this.open();
  }

  reload(): void {
    this.page.location.reload();
  }

  /**
   * Within a press of the pupil: only then may sound start. Resolves with what is wrong with the
   * microphone; the pupil then chooses to listen or to put it right, nobody is muted by surprise.
   */
  async goToClass(listening: boolean): Promise<MicrophoneTrouble | undefined> {
    if (!('binding' in this.screen)) return undefined;
    const { binding } = this.screen;
    this.media.prepare();
    const { stream, trouble } = await this.ear.ready(listening);
    if (trouble) return trouble;
    await this.leaving;
    this.follower.forget();
    this.follower.set({ hasMicrophone: stream !== undefined, microphoneLost: false });
    this.tabs.enter(binding.robot);
    this.dispatch({ kind: 'setOut' });
    void this.join(binding, stream);
    return undefined;
  }

  private async join(binding: Binding, microphone: MediaStream | undefined): Promise<void> {
    try {
      await this.client.join(binding, microphone);
    } catch (error) {
      this.dispatch({ kind: 'joinFailed', reason: refusalOf(error) });
    }
  }

  /** As the last time; a microphone that fails by now is looked at in the lobby. */
  async again(): Promise<void> {
    if (!('binding' in this.screen)) return;
    const { binding } = this.screen;
    const trouble = await this.goToClass(this.ear.chosenToListen);
    if (trouble) this.dispatch({ kind: 'chosen', binding });
  }

  /** Turned back on the way: to the lobby, without a word of farewell. */
  cancelTravel(): void {
    if (this.screen.name !== 'travel') return;
    this.backToLobby(this.screen.binding);
  }

  leave(): void {
    void this.client.leave();
  }

  comeBackTalking(): void {
    if (this.screen.name !== 'class') return;
    this.backToLobby(this.screen.binding);
  }

  /** The lobby hears nothing of the lesson that ends behind it; the next waits until it has ended. */
  private backToLobby(binding: Binding): void {
    this.dispatch({ kind: 'chosen', binding });
    this.leaving = this.client.leave();
  }

  choosePicture(pictureChoice: PictureChoice): void {
    this.client.picture(pictureChoice);
    this.follower.set({ pictureChoice });
  }

  startSound(): void {
    this.media.startSound();
  }

  stay(): void {
    this.back.stay();
  }

  /** The browser's Back: on the way it turns back, in class it asks. */
  private backPressed(): void {
    if (this.screen.name === 'travel') this.cancelTravel();
    else this.display.view?.askToLeave?.();
  }

  private follow(client: PupilClientApi): void {
    client.on('connection', (state) => this.connected(state));
    client.on('refused', ({ reason }) => this.display.tell(refusedCommandKey(reason)));
    const window = this.page.defaultView;
    window?.addEventListener('pagehide', () => void client.leave());
    window?.addEventListener('hashchange', () => {
      if (this.screen.name !== 'class' && this.screen.name !== 'travel') void this.open();
    });
  }

  private connected(state: ConnectionState): void {
    if (state.name === 'reconnecting') this.wasAway = true;
    if (state.name === 'inClass' && this.wasAway) this.bringBack();
    if (state.name === 'inClass' || state.name === 'ended') this.wasAway = false;
    const takenOver = state.name === 'ended' && state.why === 'takenOver';
    const toTab =
      takenOver && 'binding' in this.screen && this.tabs.wasTaken(this.screen.binding.robot);
    this.dispatch(toTab ? { kind: 'wentToTab' } : { kind: 'connection', state });
  }

  /**
   * The robot keeps a lost pupil's choices for half a minute; after that a lesson begins anew, and
   * somebody who just listened must not be heard, nor a whisper be loud.
   */
  private bringBack(): void {
    const { robot, pictureChoice, hasMicrophone } = this.follower.model;
    if (robot?.listenOnly || !hasMicrophone) this.client.listenOnly(true);
    if (robot && robot.voice !== 'normal') this.client.voice(robot.voice);
    if (robot) this.client.volume(robot.volume);
    if (pictureChoice !== 'auto') this.client.picture(pictureChoice);
  }

  private dispatch(event: FlowEvent): void {
    const before = this.screen;
    this.screen = nextScreen(before, event);
    if (this.screen === before) return;
    if (this.screen.name !== before.name) {
      this.display.hush();
      this.crossed(before.name, this.screen.name);
    }
    const { view } = this.display;
    if (this.screen.name === before.name && view?.update) view.update(this.screen);
    else this.render();
  }

  private render(): void {
    this.display.show(this.screen, this);
    if (this.screen.name === 'class') this.media.goOn();
  }

  /** What begins and ends with being in class. */
  private crossed(from: Screen['name'], to: Screen['name']): void {
    if (to === 'lobby' && 'binding' in this.screen) {
      this.client.preconnect(this.screen.binding).catch(() => undefined);
    }
    if (to === 'class') {
      void this.awake.hold();
      this.ear.mute(false);
      this.media.watchFrames();
      if (!this.follower.model.hasMicrophone) this.client.listenOnly(true);
    }
    const within = to === 'class' || to === 'travel';
    if (within) this.back.hold(to === 'class');
    if ((from === 'class' || from === 'travel') && !within) {
      void this.awake.release();
      this.back.release();
      this.tabs.leave();
      this.ear.close();
      this.media.stop();
    }
  }

  private microphoneLost(): void {
    this.display.view?.microphoneLost?.();
    if (this.screen.name !== 'class' && this.screen.name !== 'travel') return;
    this.follower.set({ hasMicrophone: false, microphoneLost: true });
    if (this.screen.name === 'class') this.client.listenOnly(true);
  }
}

/** Unlike `crypto.randomUUID` this is there without TLS too, where the page must still say what is wrong. */
function tabName(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

function readLink(fragment: string): OpenedLink {
  if (fragment.length < 2) return { kind: 'none' };
  const parsed = parseInvitation(fragment);
  return parsed.ok ? { kind: 'invitation', invitation: parsed.invitation } : { kind: 'unreadable' };
}
