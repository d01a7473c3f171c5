import { randomBytes, timingSafeEqual } from 'node:crypto';

/*
 * The secret in the printed URL: without it nothing of the operator's page is served, neither to
 * another site in the same browser nor to another user of this computer. It is part of the path, so
 * that one click is enough and relative URLs keep it; a cookie would be sent to every port of this
 * computer.
 */

/** 43 characters of base64url (RFC 4648). */
const BYTES = 32;

/** New at each start: an earlier URL is invalid, also if another program has the port by then. */
export const newOperatorKey = (): string => randomBytes(BYTES).toString('base64url');

/** The rest of a path after the key, from its slash on; undefined if it does not begin with the key. */
export function behindKey(urlPath: string, key: string): string | undefined {
  const given = Buffer.from(urlPath.slice(1, 1 + key.length));
  const wanted = Buffer.from(key);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const rest = urlPath.slice(1 + key.length);
  return rest === '' || rest.startsWith('/') ? rest : undefined;
}

/** Paths served without the key: the pupil's page. */
export const FOR_PUPILS = /^\/(pupil|shared|chunks)(\/|$)/;

/**
 * On this computer also scripts and styles of the other pages, which are not secret and are
 * referenced from the root. The data they show needs the key.
 */
export const FOR_THIS_COMPUTER =
  /^\/((pupil|shared|chunks)(\/|$)|(home|robot|station)\/.+\.(js|css|map|svg)$)/;

/** Page at the URL of simulator and station without the key; needs no script. */
const TEXTS = [
  [
    'en',
    'This page opens by its whole address',
    'It was printed where this was started, behind the word “Open”. It is a new one at each start.',
  ],
  [
    'nl',
    'Deze pagina opent met het hele adres',
    'Het staat in het venster waarin dit is gestart, achter het woord “Open”. Het is bij elke start een ander.',
  ],
  [
    'sv',
    'Den här sidan öppnas med hela adressen',
    'Den står i fönstret där detta startades, efter ordet ”Open”. Den är ny vid varje start.',
  ],
] as const;

export const CLOSED_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Deskmate</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="/shared/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/shared/tokens.css">
  </head>
  <body>
    <main>
${TEXTS.map(
  ([language, title, text]) =>
    `      <section lang="${language}">\n        <h1>${title}</h1>\n        <p>${text}</p>\n      </section>`,
).join('\n')}
    </main>
  </body>
</html>
`;
