import { h, setText } from '../../../../agent/pages/shared/dom.ts';
import type { Scene } from '../../messages.ts';
import { type CodesToHold, codesOfFile, codesOfText } from '../model/code-text.ts';
import type { Ask } from '../model/world-link.ts';
import type { Say } from '../words/dictionaries.ts';

/** A code that is held before the camera: dropped, chosen as a file, or typed. */
export class CodePanel {
  readonly element: HTMLElement;
  private readonly text: HTMLTextAreaElement;
  private readonly file: HTMLInputElement;
  private readonly away: HTMLButtonElement;
  private readonly answer = h('p', { id: 'code-answer', class: 'soft hint', role: 'status' });
  private shown: string | undefined;

  constructor(
    private readonly say: Say,
    private readonly ask: (command: Ask) => void,
  ) {
    this.text = h('textarea', {
      ...{ id: 'code-text', rows: 3, spellcheck: 'false', autocomplete: 'off' },
      'aria-describedby': 'code-hint',
    });
    this.file = h('input', { id: 'code-file', type: 'file', accept: 'image/*,text/*,.json,.ics' });
    this.file.addEventListener('change', () => void this.take(this.file.files));
    const hold = h('button', { type: 'button', class: 'button', id: 'code-hold' }, say('codeHold'));
    hold.addEventListener('click', () => this.holdUp(codesOfText(this.text.value)));
    this.away = h('button', { type: 'button', class: 'button', id: 'code-away' }, say('codeAway'));
    this.away.addEventListener('click', () => this.ask({ kind: 'holdUp', codes: [] }));
    this.element = h(
      'section',
      { id: 'code', class: 'card', 'aria-labelledby': 'code-title' },
      h('h2', { id: 'code-title' }, say('codeTitle')),
      h('p', { class: 'soft hint', id: 'code-hint' }, say('codeHint')),
      h('label', { for: 'code-text' }, say('codeText')),
      this.text,
      h('label', { for: 'code-file' }, say('codeFile')),
      this.file,
      h('div', { class: 'pair-of-buttons' }, hold, this.away),
      this.answer,
    );
  }

  /** Whether one is held up now, by whichever page. */
  show({ world: { code } }: Scene): void {
    const held = code === null ? 'no' : 'yes';
    if (held === this.shown) return;
    this.shown = held;
    this.away.disabled = code === null;
    this.element.dataset.held = held;
    setText(this.answer, this.say(code === null ? 'codeNone' : 'codeHeld'));
  }

  /** Files that were chosen or dropped: the first. */
  async take(files: FileList | null | undefined): Promise<void> {
    const file = files?.item(0);
    if (file) this.holdUp(await codesOfFile(file));
  }

  holdUp(codes: CodesToHold): void {
    if (codes.ok) this.ask({ kind: 'holdUp', codes: [...codes.codes] });
    else {
      const words = { empty: 'codeEmpty', tooLong: 'codeTooLong', noCode: 'codeUnread' } as const;
      setText(this.answer, this.say(words[codes.why]));
    }
  }
}

/** Anything dropped on the page is held up. */
export function onDrop(page: Window, panel: () => CodePanel): void {
  page.addEventListener('dragover', (event) => event.preventDefault());
  page.addEventListener('drop', (event) => {
    event.preventDefault();
    const { dataTransfer } = event;
    if (dataTransfer?.files.length) void panel().take(dataTransfer.files);
    else panel().holdUp(codesOfText(dataTransfer?.getData('text/plain') ?? ''));
  });
}
