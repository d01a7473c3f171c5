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
