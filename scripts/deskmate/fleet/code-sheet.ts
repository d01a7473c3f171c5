/** A page that shows codes: in turn on a tablet, all of them on paper. Self-contained, no network. */
import encodeQr from 'qr';

/** How long each code stands still: a robot reads five pictures a second. Milliseconds. */
const TURN_MS = 900;

export interface Sheet {
  readonly title: string;
  readonly how: string;
  /** `Code 1 of 3`, one for each code. */
  readonly captions: readonly string[];
  readonly codes: readonly string[];
  readonly language: string;
}

export function codeSheet({ title, how, captions, codes, language }: Sheet): string {
  const figures = codes.map((code, index) => {
    const svg = encodeQr(code, 'svg', { ecc: 'low', border: 4 });
    return `<figure>${svg}<figcaption>${escaped(captions[index] ?? '')}</figcaption></figure>`;
  });
  return `<!doctype html>
<html lang="${escaped(language)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
body { margin: 1rem auto; max-width: 40rem; font: 1.1rem/1.4 sans-serif; color: #000; background: #fff; }
figure { margin: 1rem 0; text-align: center; break-inside: avoid; }
svg { width: min(100%, 75vh); height: auto; background: #fff; }
@media screen { .turns figure { display: none; } .turns figure.now { display: block; } }
@media print { figure { height: 24cm; } svg { width: 16cm; } }
</style>
<h1>${escaped(title)}</h1>
<p>${escaped(how)}</p>
<main>
${figures.join('\n')}
</main>
<script>
const all = [...document.querySelectorAll('figure')];
document.querySelector('main').classList.add('turns');
let at = 0;
const turn = () => {
  all.forEach((one, index) => one.classList.toggle('now', index === at));
  at = (at + 1) % all.length;
};
turn();
if (all.length > 1) setInterval(turn, ${TURN_MS});
</script>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
};
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? '');
