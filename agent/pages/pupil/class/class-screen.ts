import type { PupilClientApi } from '../../../client/api.ts';
import { h, setText } from '../../shared/dom.ts';
import { icon } from '../parts/icons.ts';
import { confirmDialog, type ScreenContext } from '../parts/screen.ts';
import { type ActionNeeds, classActions } from './actions.ts';
import { announcements } from './announcements.ts';
import { bannerList } from './banners.ts';
import { Picture } from './classroom-picture.ts';
import { controlBar } from './control-bar.ts';
import { helpDialog } from './help-dialog.ts';
import { headMap, heardMeter, statusPill } from './indicators.ts';
import { listenToKeys } from './keyboard.ts';
import type { ClassModel, Part, PictureChoice } from './model.ts';
import type { WayOut } from './notices.ts';
import { qualityPill } from './quality-pill.ts';
import { chipList } from './sound-sheet.ts';
import { veil } from './veil.ts';

const TOLD_MS = 5_000;

interface ClassNeeds {
  readonly client: PupilClientApi;
  readonly video: HTMLVideoElement;
  readonly letters: { on: boolean; set(on: boolean): void };
  model(): ClassModel;
  muteMicrophone(on: boolean): void;
  choosePicture(choice: PictureChoice): void;
  startSound(): void;
  leave(): void;
  /** Leaves, and comes back with a microphone. */
  comeBackTalking(): void;
  /** Asked to leave and stayed. */
  stay(): void;
}

interface ClassScreen {
  readonly element: HTMLElement;
  update(model: ClassModel): void;
  tell(text: string): void;
  /** Asks whether to leave the lesson. */
  askToLeave(): void;
}

/** In class: the picture first, what is going on at its edges, what one can do below. */
export function classScreen(context: ScreenContext, needs: ClassNeeds): ClassScreen {
  const { say } = context;
  const toast = toastLine(context);
  const dialogs = classDialogs(context, needs);
  const actionNeeds: ActionNeeds = {
    ...needs,
    say,
    tell: toast.tell,
    needMicrophone: () => dialogs.talk.showModal(),
  };
  const actions = classActions(actionNeeds);
  const picture = new Picture(context, needs.client, needs.video, toast.tell);
  const home = (): HTMLElement => picture.element;
  const corners = {
    status: statusPill(context),
    quality: qualityPill(context),
    heard: heardMeter(context),
    map: headMap(context),
    banners: bannerList(context, (way) => takeWay(way, needs, dialogs), home),
    chips: chipList(context, needs.client, home),
    veil: veil(context, needs.video),
  };
  const bar = controlBar(context, needs.client, actions, {
    tell: toast.tell,
    choosePicture: needs.choosePicture,
  });
  const stage = h(
    'main',
    { class: 'stage' },
    picture.element,
    h(
      'div',
      { class: 'top' },
      corners.status.element,
      cornerButtons(context, corners.quality, dialogs),
    ),
    h(
      'div',
      { class: 'middle' },
      ...[corners.banners.element, corners.veil.element, toast.element],
    ),
    h(
      'div',
      { class: 'bottom' },
      corners.chips.element,
      corners.heard.element,
      corners.map.element,
    ),
  );
  const element = h(
    'div',
    { class: 'class' },
    h('h1', { class: 'visually-hidden', tabindex: -1 }, say('inClassTitle')),
    stage,
    bar.element,
    ...Object.values(dialogs),
  );
  listenToKeys(context, needs.client, actions, needs.letters, {
    help: () => dialogs.help.showModal(),
    leave: () => dialogs.leave.showModal(),
    model: needs.model,
    tell: toast.tell,
  });
  const parts: readonly Part[] = [picture, bar, ...Object.values(corners)];
  const update = teller(context, needs.model(), (model) => {
    element.dataset.phase = model.robot?.phase ?? 'waking';
    for (const part of parts) part.update(model);
  });
  const askToLeave = (): void => {
    if (!dialogs.leave.open) dialogs.leave.showModal();
  };
  return { element, update, tell: toast.tell, askToLeave };
}

/** Renders each model, and announces what changed since the previous one. */
function teller(
  { say, announce }: ScreenContext,
  first: ClassModel,
  show: (model: ClassModel) => void,
): (model: ClassModel) => void {
  // Problems that exist when class begins are announced too.
  let before: ClassModel = {
    ...first,
    ...{ robot: undefined, microphoneLost: false, pictureCame: false },
  };
  const update = (model: ClassModel): void => {
    for (const { text, urgent } of announcements(before, model, say))
      announce(text, urgent ? 'assertive' : 'polite');
    before = model;
    show(model);
  };
  update(first);
  return update;
}

function takeWay(way: WayOut, needs: ClassNeeds, dialogs: Dialogs): void {
  const ways: Readonly<Record<WayOut, () => void>> = {
    smaller: () => needs.choosePicture('480p'),
    reconnect: () => needs.client.reconnect(),
    comeBackTalking: () => dialogs.talk.showModal(),
    startSound: () => needs.startSound(),
  };
  ways[way]();
}

type Dialogs = Readonly<Record<'leave' | 'talk' | 'help', HTMLDialogElement>>;

function classDialogs(context: ScreenContext, needs: ClassNeeds): Dialogs {
  const { say } = context;
  const leave = { title: 'leaveTitle', text: 'leaveText', yes: 'leave', no: 'leaveStay' } as const;
  const talk = { title: 'talkTitle', text: 'talkText', yes: 'talkGo', no: 'cancel' } as const;
  const asked = confirmDialog('leave-dialog', say, leave, needs.leave);
  asked.addEventListener('close', () => {
    if (asked.returnValue !== 'yes') needs.stay();
  });
  return {
    leave: asked,
    talk: confirmDialog('talk-dialog', say, talk, needs.comeBackTalking),
    help: helpDialog(context, needs.letters),
  };
}

function cornerButtons({ say }: ScreenContext, quality: Part, dialogs: Dialogs): HTMLElement {
  const help = h('button', { id: 'help', type: 'button', class: 'pill corner' }, icon('help'));
  help.setAttribute('aria-label', say('help'));
  help.addEventListener('click', () => dialogs.help.showModal());
  const leave = h('button', { id: 'leave', type: 'button', class: 'pill corner leave' });
  leave.append(icon('leave'), h('span', {}, say('leave')));
  leave.addEventListener('click', () => dialogs.leave.showModal());
  return h('div', { class: 'corner-buttons' }, quality.element, help, leave);
}

/** A sentence that is shown for a moment and announced. */
function toastLine({ clock, signal }: ScreenContext): {
  element: HTMLElement;
  tell(text: string): void;
} {
  const element = h('p', { id: 'toast', class: 'toast', role: 'status' });
  let timer: { cancel(): void } | undefined;
  signal.addEventListener('abort', () => timer?.cancel());
  const tell = (text: string): void => {
    timer?.cancel();
    setText(element, text);
    timer = clock.after(TOLD_MS, () => setText(element, ''));
  };
  return { element, tell };
}
