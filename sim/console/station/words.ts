import type { Dictionaries, PlainKeyOf } from '../shared/i18n.ts';

const en = {
  title: 'Deskmate station',
  language: 'Language',
  heading: 'This computer is a place in class',
  what: 'A pupil who cannot be in class attends through this computer’s camera and microphone, and is heard through its speaker. Nothing is recorded. This page opens on this computer only.',
  status: 'What it sees and hears with',
  classroom: 'Class',
  camera: 'Camera',
  sound: 'Microphone and speaker',
  ready: 'ready; off until a pupil is in class',
  on: 'on: a pupil is in class',
  noCamera: 'this board has none: the pupil hears and speaks',
  noSound: 'this board has none: the pupil sees',
  brokenCamera: 'does not work: the pupil still hears and speaks',
  brokenSound: 'does not work: the pupil still sees',
  lifeInit: 'starting',
  lifeReady: 'nobody is in class',
  lifeLive: 'a pupil is in class',
  open: 'Pupils in this network can connect. Their browser warns once that nobody vouches for this computer; that is to be expected here.',
  closed:
    'Only browsers of this computer can connect. To let others of this network in, start it with HOST=0.0.0.0.',
  unreachable:
    'The station does not answer. Was it stopped? Start it again with “make run BOARD=laptop”.',
} as const;

export type StationWords = typeof en;
export type StationKey = PlainKeyOf<StationWords>;

export const stationWords: Dictionaries<StationWords> = {
  en,
  nl: {
    title: 'Deskmate-station',
    language: 'Taal',
    heading: 'Deze computer is een plek in de klas',
    what: 'Een leerling die niet in de klas kan zijn, doet mee via de camera en microfoon van deze computer, en is te horen via de luidspreker. Er wordt niets opgenomen. Deze pagina opent alleen op deze computer.',
    status: 'Waarmee hij ziet en hoort',
    classroom: 'Klas',
    camera: 'Camera',
    sound: 'Microfoon en luidspreker',
    ready: 'klaar; uit tot er een leerling in de klas is',
    on: 'aan: er is een leerling in de klas',
    noCamera: 'heeft dit bord niet: de leerling hoort en spreekt',
    noSound: 'heeft dit bord niet: de leerling ziet',
    brokenCamera: 'werkt niet: de leerling hoort en spreekt nog wel',
    brokenSound: 'werkt niet: de leerling ziet nog wel',
    lifeInit: 'start',
    lifeReady: 'er is niemand in de klas',
    lifeLive: 'er is een leerling in de klas',
    open: 'Leerlingen in dit netwerk kunnen verbinden. Hun browser waarschuwt één keer dat niemand voor deze computer instaat; dat hoort hier zo.',
    closed:
      'Alleen browsers van deze computer kunnen verbinden. Start met HOST=0.0.0.0 om anderen in dit netwerk toe te laten.',
    unreachable:
      'Het station geeft geen antwoord. Is het gestopt? Start het opnieuw met ‘make run BOARD=laptop’.',
  },
  sv: {
    title: 'Deskmate-station',
    language: 'Språk',
    heading: 'Den här datorn är en plats i klassen',
    what: 'En elev som inte kan vara i klassrummet är med genom den här datorns kamera och mikrofon, och hörs i dess högtalare. Inget spelas in. Den här sidan öppnas bara på den här datorn.',
    status: 'Vad den ser och hör med',
    classroom: 'Klass',
    camera: 'Kamera',
    sound: 'Mikrofon och högtalare',
    ready: 'redo; av tills en elev är i klassen',
    on: 'på: en elev är i klassen',
    noCamera: 'det här kortet har ingen: eleven hör och talar',
    noSound: 'det här kortet har inget: eleven ser',
    brokenCamera: 'fungerar inte: eleven hör och talar ändå',
    brokenSound: 'fungerar inte: eleven ser ändå',
    lifeInit: 'startar',
    lifeReady: 'ingen är i klassen',
    lifeLive: 'en elev är i klassen',
    open: 'Elever i det här nätverket kan ansluta. Deras webbläsare varnar en gång för att ingen går i god för den här datorn; så ska det vara här.',
    closed:
      'Bara webbläsare på den här datorn kan ansluta. Starta med HOST=0.0.0.0 för att släppa in andra i nätverket.',
    unreachable:
      'Stationen svarar inte. Har den stoppats? Starta den igen med ”make run BOARD=laptop”.',
  },
};
