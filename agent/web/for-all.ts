/** What browsers without the key may ask for. */

/** The pupil's page. */
export const FOR_PUPILS = /^\/(pupil|shared|chunks)(\/|$)/;

/**
 * On this computer also the code and looks of the other pages, which are no secret: they name their
 * files from the root. What they show is behind the key.
 */
export const FOR_THIS_COMPUTER =
  /^\/((pupil|shared|chunks)(\/|$)|(home|robot|station)\/.+\.(js|css|map|svg)$)/;
