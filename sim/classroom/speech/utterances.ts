/** Made by scripts/make-speech.sh from sentences.tsv: what the teacher says, in order. */
export const UTTERANCES = [
  {
    file: '01-en.wav',
    language: 'en',
    samples: 74235,
    text: 'Good morning everybody. Please open your books at page twenty four.',
  },
  {
    file: '02-nl.wav',
    language: 'nl',
    samples: 68680,
    text: 'Goedemorgen allemaal. Vandaag gaan we het hebben over water.',
  },
  {
    file: '03-sv.wav',
    language: 'sv',
    samples: 76760,
    text: 'God morgon allihopa. Idag ska vi prata om vattnets kretslopp.',
  },
  {
    file: '04-en.wav',
    language: 'en',
    samples: 84335,
    text: 'The sun warms the sea. Water rises into the air as vapour that nobody can see.',
  },
  {
    file: '05-nl.wav',
    language: 'nl',
    samples: 92415,
    text: 'Hoog in de lucht is het koud. Daar wordt de damp weer water, en zo ontstaat een wolk.',
  },
  {
    file: '06-sv.wav',
    language: 'sv',
    samples: 61105,
    text: 'När dropparna blir tunga faller de ner som regn eller snö.',
  },
  {
    file: '07-en.wav',
    language: 'en',
    samples: 68680,
    text: 'The rain runs down the hills, into the rivers, and back to the sea.',
  },
  {
    file: '08-nl.wav',
    language: 'nl',
    samples: 78780,
    text: 'Wie weet waarom het in de bergen vaker regent? Steek je hand maar op.',
  },
  {
    file: '09-sv.wav',
    language: 'sv',
    samples: 76760,
    text: 'Bra fråga. Rita nu en egen bild av kretsloppet i skrivboken.',
  },
  {
    file: '10-en.wav',
    language: 'en',
    samples: 83830,
    text: 'You have ten minutes. If you attend by robot, I can hear you very well today.',
  },
  {
    file: '11-nl.wav',
    language: 'nl',
    samples: 97970,
    text: 'Het huiswerk staat op het bord. Lees de tekst en maak de vragen één tot en met vier.',
  },
  {
    file: '12-sv.wav',
    language: 'sv',
    samples: 57065,
    text: 'Tack för idag. Vi ses imorgon klockan nio.',
  },
] as const;
