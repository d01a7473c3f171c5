import { randomBytes, timingSafeEqual } from 'node:crypto';

/*
 * The secret in the printed address: who does not have it gets nothing of the page for the person
 * beside the robot, neither from another site in the same browser nor as another user of this
 * computer. It stands in the path, so that one click is enough and every relative address keeps it;
 * a cookie would be sent to every port of this computer.
 */

/** 43 characters of base64url (RFC 4648). */
const BYTES = 32;

/** New at each start: an old address is invalid, whichever process has the port by then. */
export const newOperatorKey = (): string => randomBytes(BYTES).toString('base64url');

/** The rest of a path that begins with the key, from its slash on; undefined: it does not. */
export function behindKey(urlPath: string, key: string): string | undefined {
  const given = Buffer.from(urlPath.slice(1, 1 + key.length));
  const wanted = Buffer.from(key);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const rest = urlPath.slice(1 + key.length);
  return rest === '' || rest.startsWith('/') ? rest : undefined;
}

/** What browsers without the key may ask for: the pupil's page. */
export const FOR_PUPILS = /^\/(pupil|shared|chunks)(\/|$)/;

/**
 * On this computer also the code and looks of the other pages, which are no secret: they name their
 * files from the root. What they show is behind the key.
 */
export const FOR_THIS_COMPUTER =
  /^\/((pupil|shared|chunks)(\/|$)|(home|robot|station)\/.+\.(js|css|map|svg)$)/;

/** What stands at the bare address of simulator and station: it needs no script. */
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
