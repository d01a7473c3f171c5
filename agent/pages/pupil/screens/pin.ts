import type { Binding } from '../../../client/api.ts';
import { h, setText } from '../../shared/dom.ts';
import type { PinCheck } from '../device/pin-lock.ts';
import { button, confirmDialog, frame, heading, type ScreenContext } from '../parts/screen.ts';

const PIN = /^\d{4,8}$/;

/** What is wrong with a new PIN, if anything. */
function newPinTrouble(pin: string, again: string): 'pinShort' | 'pinDiffers' | undefined {
  if (!PIN.test(pin)) return 'pinShort';
  return pin === again ? undefined : 'pinDiffers';
}

/** Offered once, after linking. */
export function newPinScreen(
  context: ScreenContext,
  act: { save(pin: string): void; skip(): void },
): HTMLElement {
  const { say } = context;
  const pin = pinInput('new-pin', 'new-password');
  const again = pinInput('new-pin-again', 'new-password');
  const trouble = h('p', { id: 'trouble', role: 'alert', class: 'trouble' });
  const form = h(
    'form',
    { class: 'form', novalidate: true },
    h('label', { class: 'field' }, say('pinField'), pin),
    h('label', { class: 'field' }, say('pinAgain'), again),
    trouble,
    h(
      'div',
      { class: 'row' },
      h('button', { id: 'pin-save', class: 'button primary' }, say('pinSave')),
      button('pin-skip', say('pinSkip'), 'usual', act.skip),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = newPinTrouble(pin.value, again.value);
    setText(trouble, wrong ? say(wrong) : '');
    if (wrong) (wrong === 'pinShort' ? pin : again).focus();
    else act.save(pin.value);
  });
  return frame(context, 'lock', heading(say('pinTitle')), h('p', {}, say('pinText')), form);
}

export function unlockScreen(
  context: ScreenContext,
  act: { check(pin: string): Promise<PinCheck>; forget(): void },
): HTMLElement {
  const { say } = context;
  const pin = pinInput('pin', 'current-password');
  const trouble = h('p', { id: 'trouble', role: 'alert', class: 'trouble' });
  const go = h('button', { id: 'unlock', class: 'button primary' }, say('unlockGo'));
  const form = h(
    'form',
    { class: 'form', novalidate: true },
    h('label', { class: 'field' }, say('unlockField'), pin),
    trouble,
    h('div', { class: 'row' }, go),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go.disabled = true;
    void act.check(pin.value).then((check) => {
      go.disabled = false;
      if (check.ok) return;
      const seconds = Math.ceil(check.waitMs / 1000);
      setText(trouble, seconds > 0 ? say('unlockWait', { seconds }) : say('unlockWrong'));
      pin.select();
      pin.focus();
    });
  });
  const words = {
    title: 'unlockForgot',
    text: 'forgotText',
    yes: 'forgotGo',
    no: 'cancel',
  } as const;
  const dialog = confirmDialog('forgot', say, words, act.forget);
  const forgot = button('pin-forgot', say('unlockForgot'), 'plain', () => dialog.showModal());
  return frame(context, 'lock', heading(say('unlockTitle')), form, forgot, dialog);
}

function pinInput(id: string, autocomplete: string): HTMLInputElement {
  return h('input', {
    id,
    class: 'input pin',
    type: 'password',
    inputmode: 'numeric',
    pattern: '[0-9]*',
    maxlength: 8,
    autocomplete,
    'aria-describedby': 'trouble',
  });
}

export function chooseScreen(
  context: ScreenContext,
  bindings: readonly Binding[],
  act: { choose(binding: Binding): void },
): HTMLElement {
  const list = h('ul', { class: 'choices' });
  for (const binding of bindings) {
    const pick = button(
      `robot-${binding.robot}`,
      binding.robot,
      'usual',
      () => act.choose(binding),
      'robot',
    );
    list.append(h('li', {}, pick));
  }
  return frame(context, 'robot', heading(context.say('chooseTitle')), list);
}
