import type { Dictionaries } from './i18n.ts';

const en = {
  pupil: 'Pupil’s page',
  pupilText: 'Go to class. The link carries an invitation that works once.',
  robot: 'Robot on its desk',
  robotText: 'See head, eyes and lights; press its buttons; break something.',
  invitation: 'Invitation',
  scan: 'Or scan this with a tablet that reaches this computer.',
  onlyHere:
    'This link works on this computer only. For a tablet or phone in the same network, start it with HOST=0.0.0.0.',
  qr: 'QR code with the invitation link',
  copy: 'Copy link',
  copied: 'Copied.',
  notCopied: 'Copying is not allowed here. Press and hold the link, or use its menu.',
  renew: 'New invitation',
  renewed: 'Here is a new invitation.',
  until: 'Good until {date}, for one device.',
  waiting: 'The robot is starting. The invitation comes in a moment.',
} as const;

export type InvitationWords = typeof en;

/** Words of the card that leads to the pupil's page. */
export const invitationWords: Dictionaries<InvitationWords> = {
  en,
  nl: {
    pupil: 'Pagina van de leerling',
    pupilText: 'Naar de klas. In de link zit een uitnodiging die één keer werkt.',
    robot: 'Robot op zijn tafel',
    robotText: 'Bekijk hoofd, ogen en lampjes; druk op de knoppen; maak iets stuk.',
    invitation: 'Uitnodiging',
    scan: 'Of scan dit met een tablet die deze computer kan bereiken.',
    onlyHere:
      'Deze link werkt alleen op deze computer. Start met HOST=0.0.0.0 voor een tablet of telefoon in hetzelfde netwerk.',
    qr: 'QR-code met de uitnodigingslink',
    copy: 'Link kopiëren',
    copied: 'Gekopieerd.',
    notCopied: 'Kopiëren mag hier niet. Houd de link lang ingedrukt, of gebruik het menu ervan.',
    renew: 'Nieuwe uitnodiging',
    renewed: 'Hier is een nieuwe uitnodiging.',
    until: 'Geldig tot {date}, voor één apparaat.',
    waiting: 'De robot start. De uitnodiging komt zo.',
  },
  sv: {
    pupil: 'Elevens sida',
    pupilText: 'Gå till klassen. Länken innehåller en inbjudan som fungerar en gång.',
    robot: 'Roboten på sin bänk',
    robotText: 'Titta på huvud, ögon och lampor; tryck på knapparna; ha sönder något.',
    invitation: 'Inbjudan',
    scan: 'Eller skanna den här med en surfplatta som når den här datorn.',
    onlyHere:
      'Länken fungerar bara på den här datorn. Starta med HOST=0.0.0.0 för en surfplatta eller telefon i samma nätverk.',
    qr: 'QR-kod med inbjudningslänken',
    copy: 'Kopiera länken',
    copied: 'Kopierad.',
    notCopied: 'Det går inte att kopiera här. Håll in länken, eller använd dess meny.',
    renew: 'Ny inbjudan',
    renewed: 'Här är en ny inbjudan.',
    until: 'Gäller till {date}, för en enhet.',
    waiting: 'Roboten startar. Inbjudan kommer snart.',
  },
};
