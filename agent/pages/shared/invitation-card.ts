import { h, setText } from './dom.ts';
import { type Language, type Translate, translator } from './i18n.ts';
import { type InvitationWords, invitationWords } from './invitation-words.ts';
import type { OperatorApi, ShownInvitation } from './operator.ts';

type Say = Translate<InvitationWords>;

/** The two doors: the pupil's page with a fresh invitation as link and QR code, and the robot's page. */
export class InvitationCard {
  private shown: ShownInvitation | undefined;
  private readonly pupil = h('a', {
    id: 'pupil-page',
    class: 'door',
    target: '_blank',
    rel: 'noopener',
  });
  private readonly qr = h('img', { id: 'qr', class: 'qr', width: 220, height: 220, hidden: true });
  private readonly scan = h('p', { id: 'scan' });
  private readonly until = h('p', { class: 'soft', id: 'until' });
  private readonly news = h('p', { role: 'status', id: 'news', class: 'soft' });

  constructor(
    private readonly api: Pick<OperatorApi, 'invitation'>,
    /** Where the robot's page is; undefined: there is none to see. */
    private readonly robotPage: string | undefined,
  ) {}

  /** The link that is good now: a used one is followed by a new one without anybody asking. */
  async keep(language: Language, renew = false): Promise<void> {
    const say = translator(invitationWords, language);
    const invitation = await this.api.invitation(renew);
    if (!invitation) return this.show(say);
    const changed = invitation.link !== this.shown?.link;
    this.shown = invitation;
    if (changed) this.show(say);
  }

  render(language: Language): HTMLElement {
    const say = translator(invitationWords, language);
    this.pupil.replaceChildren(...doorText(say('pupil'), say('pupilText')));
    const robot = h('a', {
      id: 'robot-page',
      class: 'door second',
      href: this.robotPage ?? '',
      target: '_blank',
      rel: 'noopener',
    });
    robot.append(...doorText(say('robot'), say('robotText')));
    const copy = h('button', { id: 'copy-link', type: 'button', class: 'button' }, say('copy'));
    copy.addEventListener('click', () => void this.copy(say));
    const renew = h(
      'button',
      { id: 'new-invitation', type: 'button', class: 'button' },
      say('renew'),
    );
    renew.addEventListener('click', () => {
      void this.keep(language, true).then(() => setText(this.news, say('renewed')));
    });
    setText(this.news, '');
    this.show(say);
    return h(
      'div',
      { class: 'doors' },
      this.pupil,
      this.robotPage !== undefined && robot,
      h(
        'section',
        { class: 'card wide invitation', 'aria-labelledby': 'invitation-title' },
        h(
          'div',
          { class: 'invitation-text' },
          h('h2', { id: 'invitation-title' }, say('invitation')),
          this.scan,
          this.until,
          h('div', { class: 'row' }, copy, renew),
          this.news,
        ),
        this.qr,
      ),
    );
  }

  private show(say: Say): void {
    const { shown } = this;
    this.qr.hidden = typeof shown?.qrSvg !== 'string';
    // A code that leads a tablet to itself is worse than none.
    setText(this.scan, say(shown?.qrSvg === null ? 'onlyHere' : 'scan'));
    this.qr.alt = say('qr');
    if (!shown) {
      setText(this.until, say('waiting'));
      return;
    }
    this.pupil.href = shown.link;
    // As a picture: nothing in it can run or fetch.
    if (shown.qrSvg !== null) this.qr.src = `data:image/svg+xml,${encodeURIComponent(shown.qrSvg)}`;
    const language = document.documentElement.lang;
    const date = new Date(shown.expires * 1000).toLocaleDateString(language, { dateStyle: 'long' });
    setText(this.until, say('until', { date }));
  }

  private async copy(say: Say): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.shown?.link ?? '');
      setText(this.news, say('copied'));
    } catch {
      // Browsers allow the clipboard only to pages of this computer or with TLS.
      setText(this.news, say('notCopied'));
    }
  }
}

function doorText(title: string, text: string): HTMLElement[] {
  return [h('span', { class: 'door-title' }, title), h('span', { class: 'door-text' }, text)];
}
