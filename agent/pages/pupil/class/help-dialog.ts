import { h } from '../../shared/dom.ts';
import { languageSelect } from '../../shared/i18n.ts';
import { icon } from '../parts/icons.ts';
import { button, type ScreenContext } from '../parts/screen.ts';
import { KEY_HELP, type KeyHelp } from './keys.ts';

/** How it works, which keys there are, and whether letters count. */
export function helpDialog(
  context: ScreenContext,
  letters: { on: boolean; set(on: boolean): void },
): HTMLDialogElement {
  const { say } = context;
  const dialog = h('dialog', {
    id: 'help-dialog',
    class: 'dialog wide',
    'aria-labelledby': 'help-title',
  });
  const toggle = h('input', { type: 'checkbox', id: 'letter-keys', checked: letters.on });
  toggle.addEventListener('change', () => letters.set(toggle.checked));
  // First in the dialog: it takes the focus, and the reading begins at the top.
  const close = button('help-close', say('close'), 'usual', () => dialog.close());
  dialog.append(
    h('div', { class: 'row between' }, h('h2', { id: 'help-title' }, say('helpTitle')), close),
    h(
      'ul',
      { class: 'tips' },
      tip('hand', say('helpLook')),
      tip('star', say('helpStore')),
      tip('noCamera', say('helpSeen')),
      tip('lock', `${say('notRecorded')} ${say('onTheWay')} ${say('helpKept')}`),
    ),
    h('h3', {}, say('helpKeys')),
    h('dl', { class: 'keys' }, ...KEY_HELP.map((help) => keyRow(context, help))),
    h('label', { class: 'check-line' }, toggle, say('helpLetters')),
    h('div', { class: 'row' }, languageSelect(context.language)),
  );
  return dialog;
}

function tip(picture: Parameters<typeof icon>[0], text: string): HTMLElement {
  return h('li', {}, icon(picture), h('span', {}, text));
}

function keyRow({ say }: ScreenContext, help: KeyHelp): HTMLElement {
  const caps = help.keys.map((key) => h('kbd', {}, key));
  const named =
    help.named !== undefined && h('span', { class: 'visually-hidden' }, say(help.named));
  if (help.named !== undefined) for (const cap of caps) cap.setAttribute('aria-hidden', 'true');
  const shift = help.withShift && h('kbd', {}, say('keyShiftOnly'));
  return h('div', {}, h('dt', {}, say(help.what)), h('dd', {}, named, shift, ...caps));
}
