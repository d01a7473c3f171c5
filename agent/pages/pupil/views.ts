import type { Binding, PupilClientApi } from '../../client/api.ts';
import { classScreen } from './class/class-screen.ts';
import { letterKeys } from './class/keyboard.ts';
import type { ClassModel, Follower, PictureChoice } from './class/model.ts';
import { type Ear, type MicrophoneTrouble, microphoneAllowed } from './device/microphone.ts';
import type { PinCheck } from './device/pin-lock.ts';
import type { Tabs } from './device/tabs.ts';
import type { Screen } from './flow/screens.ts';
import type { ScreenContext } from './parts/screen.ts';
import {
  badLinkScreen,
  invitedScreen,
  noRobotScreen,
  openingScreen,
  unfitScreen,
} from './screens/entry.ts';
import { type Lobby, lobbyScreen } from './screens/lobby.ts';
import { chooseScreen, newPinScreen, unlockScreen } from './screens/pin.ts';
import { overScreen, travelScreen } from './screens/travel.ts';

/** A screen as shown. Without `update` it is built anew when its state changes. */
export interface View {
  readonly element: HTMLElement;
  update?(screen: Screen): void;
  updateClass?(model: ClassModel): void;
  /** Shown and said for a moment, in class. */
  tell?(text: string): void;
  /** Asks whether to leave, in class. */
  askToLeave?(): void;
  microphoneLost?(): void;
}

/** What the screens may ask of the page. */
export interface AppActs {
  readonly client: PupilClientApi;
  readonly follower: Follower;
  readonly ear: Ear;
  readonly video: HTMLVideoElement;
  readonly tabs: Tabs;
  open(): Promise<void>;
  toStart(): Promise<void>;
  /** Loads the page anew, its link included. */
  reload(): void;
  bind(): Promise<void>;
  savePin(pin: string): Promise<void>;
  skipPin(): void;
  unlock(pin: string): Promise<PinCheck>;
  forgetAll(): Promise<void>;
  forget(binding: Binding): Promise<void>;
  choose(binding: Binding): void;
  goToClass(listening: boolean): Promise<MicrophoneTrouble | undefined>;
  again(): Promise<void>;
  cancelTravel(): void;
  leave(): void;
  comeBackTalking(): void;
  choosePicture(choice: PictureChoice): void;
  startSound(): void;
  /** Asked to leave and stayed. */
  stay(): void;
}

export function viewOf(context: ScreenContext, screen: Screen, app: AppActs): View {
  switch (screen.name) {
    case 'opening':
      return { element: openingScreen(context) };
    case 'unfit':
      return { element: unfitScreen(context, screen.why, { again: () => app.reload() }) };
    case 'badLink':
      return { element: badLinkScreen(context, { restart: () => void app.open() }) };
    case 'noRobot':
      return { element: noRobotScreen(context) };
    case 'invited': {
      const view = invitedScreen(context, screen, { bind: () => void app.bind() });
      return { ...view, update: (now) => now.name === 'invited' && view.update(now) };
    }
    case 'newPin': {
      const act = { save: (pin: string) => void app.savePin(pin), skip: () => app.skipPin() };
      return { element: newPinScreen(context, act) };
    }
    case 'unlock': {
      const act = { check: (pin: string) => app.unlock(pin), forget: () => void app.forgetAll() };
      return { element: unlockScreen(context, act) };
    }
    case 'choose':
      return { element: chooseScreen(context, screen.bindings, app) };
    case 'lobby':
      return lobby(context, screen.binding, app);
    case 'travel': {
      const view = travelScreen(context, screen, { cancel: () => app.cancelTravel() });
      return { ...view, update: (now) => now.name === 'travel' && view.update(now) };
    }
    case 'class':
      return inClass(context, app);
    case 'over': {
      const act = { again: () => void app.again(), toStart: () => void app.toStart() };
      return { element: overScreen(context, screen.outcome, act) };
    }
  }
}

function lobby(context: ScreenContext, binding: Binding, app: AppActs): Lobby {
  return lobbyScreen(context, binding, {
    open: () => app.ear.open(),
    allowed: () => microphoneAllowed(navigator),
    go: (listening) => app.goToClass(listening),
    forget: () => void app.forget(binding),
    elsewhere: (changed) => {
      app.tabs.watch(changed, context.signal);
      return () => app.tabs.isElsewhere(binding.robot);
    },
  });
}

function inClass(context: ScreenContext, app: AppActs): View {
  const screen = classScreen(context, {
    client: app.client,
    video: app.video,
    letters: letterKeys(window),
    model: () => app.follower.model,
    muteMicrophone: (on) => app.ear.mute(on),
    choosePicture: (choice) => app.choosePicture(choice),
    startSound: () => app.startSound(),
    leave: () => app.leave(),
    comeBackTalking: () => app.comeBackTalking(),
    stay: () => app.stay(),
  });
  const { element, update, tell, askToLeave } = screen;
  return { element, updateClass: update, tell, askToLeave };
}
