/** Signing in: a key that stays on this device, and the grant that names it. */
import { h, setText } from '../../shared/dom.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';
import type { KeptPerson, Keyring } from './keyring.ts';
import { grantsIn, type Passport, type PassportFault, readPassport } from './passport.ts';

const FAULTS: Readonly<Record<PassportFault, PlainKey>> = {
  ...{ none: 'grantNone', wrong: 'grantWrong', otherKey: 'grantOtherKey' },
  ...{ expired: 'grantExpired', notAPerson: 'grantNotAPerson' },
};

interface SignInParts {
  readonly say: Say;
  readonly keyring: Keyring;
  readonly nowMs: () => number;
  /** Resolves with why it did not work, in words; undefined: the page goes on. */
  readonly enter: (person: KeptPerson, passport: Passport) => Promise<string | undefined>;
}

export class SignIn {
  readonly element = h('section', { class: 'sign-in', 'aria-labelledby': 'sign-in-title' });
  private readonly fault = h('p', { id: 'sign-in-fault', class: 'note warn', role: 'alert' });
  private person: KeptPerson | undefined;

  constructor(
    private readonly parts: SignInParts,
    person: KeptPerson | undefined,
    /** Why it did not work by itself. */
    why = '',
  ) {
    this.person = person;
    this.draw();
    setText(this.fault, why);
  }

  private draw(): void {
    const { say } = this.parts;
    setText(this.fault, '');
    this.element.replaceChildren(
      h('h1', { id: 'sign-in-title', tabindex: -1 }, say('signInTitle')),
      h('p', { class: 'lead' }, say('signInText')),
      this.fault,
      this.person ? this.keyHere(this.person) : this.keyWanted(),
      ...(this.person ? [this.grantWanted(this.person)] : []),
    );
  }

  private keyWanted(): HTMLElement {
    const { say } = this.parts;
    const make = h('button', { id: 'make-key', type: 'button', class: 'button primary' });
    make.append(say('keyMake'));
    make.addEventListener('click', () => void this.take(() => this.parts.keyring.makeKey()));
    const file = fileButton('import-key', say('keyImport'), (text) =>
      this.take(() => this.parts.keyring.importKey(text)),
    );
    return h(
      'div',
      { class: 'card step-card' },
      h('h2', {}, say('keyStep')),
      make,
      h('p', { class: 'soft' }, say('keyMakeText')),
      file,
      h('p', { class: 'soft' }, say('keyImportText')),
    );
  }

  private async take(make: () => Promise<KeptPerson | undefined>): Promise<void> {
    const { say } = this.parts;
    try {
      const person = await make();
      if (!person) return setText(this.fault, say('keyFileWrong'));
      this.person = person;
      this.draw();
      this.element.querySelector<HTMLElement>('#grant')?.focus();
    } catch {
      setText(this.fault, say('storageClosed'));
    }
  }

  private keyHere({ signer }: KeptPerson): HTMLElement {
    const { say, keyring } = this.parts;
    const text = h('textarea', { id: 'public-key', class: 'input mono', rows: 3, readonly: true });
    text.value = JSON.stringify(signer.jwk);
    text.setAttribute('aria-label', say('keyPublicLabel'));
    const news = h('p', { role: 'status', class: 'soft' });
    const copy = h('button', { id: 'copy-key', type: 'button', class: 'button' }, say('copy'));
    copy.addEventListener('click', () => {
      navigator.clipboard.writeText(text.value).then(
        () => setText(news, say('copied')),
        () => setText(news, say('notCopied')),
      );
    });
    const forget = h('button', { id: 'forget', type: 'button', class: 'button plain' });
    forget.append(say('forget'));
    forget.addEventListener('click', () => {
      void keyring.forget().then(() => {
        this.person = undefined;
        this.draw();
      });
    });
    return h(
      'div',
      { class: 'card step-card' },
      h('h2', {}, say('keyStep')),
      h('p', {}, `${say('keyHere')} ${say('keyPublic')}`),
      text,
      h('div', { class: 'row' }, copy, forget),
      h('p', { class: 'soft' }, say('forgetText')),
      news,
    );
  }

  private grantWanted(person: KeptPerson): HTMLElement {
    const { say } = this.parts;
    const text = h('textarea', { id: 'grant', class: 'input mono', rows: 5, spellcheck: 'false' });
    const use = h('button', { id: 'use-grant', type: 'button', class: 'button primary' });
    use.append(say('grantUse'));
    use.addEventListener('click', () => void this.use(person, text.value));
    const file = fileButton('grant-file', say('grantFile'), (content) => this.use(person, content));
    const card = h(
      'div',
      { class: 'card step-card' },
      h('h2', {}, say('grantStep')),
      h('p', {}, say('grantText')),
      h('label', { class: 'field' }, say('grantLabel'), text),
      h('div', { class: 'row' }, use, file),
    );
    card.addEventListener('dragover', (event) => event.preventDefault());
    card.addEventListener('drop', (event) => {
      event.preventDefault();
      const [dropped] = event.dataTransfer?.files ?? [];
      if (dropped) void dropped.text().then((content) => this.use(person, content));
    });
    return card;
  }

  private async use(person: KeptPerson, text: string): Promise<void> {
    const { say, keyring, nowMs, enter } = this.parts;
    const chain = grantsIn(text);
    const read = await readPassport(chain, person.signer.jwk, nowMs());
    if (!read.ok) return setText(this.fault, say(FAULTS[read.why]));
    const kept = await keyring.keepChain(person, chain);
    setText(this.fault, (await enter(kept, read.passport)) ?? '');
  }
}

/** A button that lets somebody choose a file, for keyboards and fingers alike. */
function fileButton(id: string, label: string, read: (text: string) => Promise<void>): HTMLElement {
  const input = h('input', { id: `${id}-input`, type: 'file', hidden: true, tabindex: -1 });
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) void file.text().then(read);
    input.value = '';
  });
  const press = h('button', { id, type: 'button', class: 'button' }, label);
  press.addEventListener('click', () => input.click());
  return h('span', {}, press, input);
}
