/** The next pupil's invitation: a code to scan, a link to send, a sheet to print. */
import encodeQr from 'qr';
import { h, s, setText } from '../../shared/dom.ts';
import { button } from '../parts/dialog.ts';
import { icon } from '../parts/icons.ts';
import type { Ui } from '../parts/ui.ts';

interface ShownInvitation {
  readonly link: string;
  readonly until: string;
  /** The robot proved that it was wiped before. */
  readonly wiped: boolean;
}

export function invitationPart({ say }: Ui, { link, until, wiped }: ShownInvitation): Node[] {
  const news = h('p', { role: 'status', class: 'soft' });
  const copy = button({ id: 'invitation-copy', kind: 'primary' }, say('invitationCopy'), () => {
    navigator.clipboard.writeText(link).then(
      () => setText(news, say('copied')),
      // Browsers allow the clipboard only to pages of this computer or with TLS.
      () => setText(news, say('notCopied')),
    );
  });
  const print = button({ id: 'invitation-print' }, say('invitationPrint'), () => window.print());
  const address = h('input', { id: 'invitation-link', class: 'input', readonly: true });
  address.value = link;
  address.setAttribute('aria-label', say('invitationTitle'));
  address.addEventListener('focus', () => address.select());
  return [
    h('h3', { id: 'invitation-title', tabindex: -1 }, say('invitationTitle')),
    ...(wiped
      ? [h('p', { class: 'note', id: 'wipe-proven' }, icon('check') as Node, say('wipeProven'))]
      : []),
    h(
      'div',
      { class: 'invitation' },
      qrCode(link, say('invitationQr')) as Node,
      h(
        'div',
        { class: 'invitation-text' },
        h('p', {}, say('invitationText')),
        h(
          'p',
          { class: 'soft' },
          `${say('invitationUntil', { date: until })} ${say('invitationOnce')}`,
        ),
        address,
        h('div', { class: 'row' }, copy, print),
        news,
      ),
    ),
  ];
}

/** Quiet zone that readers need around a code, modules (ISO/IEC 18004). */
const BORDER = 4;

function qrCode(text: string, label: string): SVGSVGElement {
  const modules = encodeQr(text, 'raw', { ecc: 'medium', border: BORDER });
  const path = modules
    .flatMap((line, y) => line.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  const size = modules.length;
  const attributes = {
    class: 'qr',
    viewBox: `0 0 ${size} ${size}`,
    role: 'img',
    'aria-label': label,
  };
  return s('svg', attributes, s('path', { d: path, fill: '#000000' }));
}
