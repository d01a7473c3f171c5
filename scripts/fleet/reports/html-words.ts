import type { Dictionaries, Translation } from '../../../hal/common/phrases.ts';

/** Words of the report that people read and print. */
const en = {
  title: 'How the robots were used',
  allSchools: 'All schools together',
  smallSchools: 'Small schools together',
  period: '{first} to {last}',
  madeOn: 'Made on {date}. Times are those of {zone}.',
  pseudonyms: 'Without names of pupils.',

  hours: 'Hours in class',
  sessions: 'Sessions',
  attendance: 'Attendance',
  attendanceOf: 'of the lesson time that was planned',
  pupils: 'Pupils',
  pupilsAWeek: 'on average in a week',
  pupilsWithLessons: 'with a lesson in this period',
  delay: 'Delay of the picture',
  delayOf: 'or less, half of the time',
  milliseconds: '{ms} ms',
  before: '{change} against the period before',
  noneKnown: 'not known',

  hoursTitle: 'Hours per week',
  hoursSummary:
    '{hours} hours in {sessions} {sessions?session|sessions}. The week with most was that of {week}: {most} hours.',
  hoursNone: 'There were no sessions in this period.',
  hoursUnit: 'hours',

  bandsByRobot: 'Attendance by robot',
  bandsBySchool: 'Attendance by school',
  bandsSummary:
    'Of {lessons} planned {lessons?lesson|lessons}, {green} {green?was|were} attended almost whole and {red} less than half.',
  bandsNone: 'No lessons were planned in this period.',
  bandsRead: 'Each bar shows the lessons of one row; the percentage is the lesson time attended.',
  green: 'Green: 95 % or more',
  yellow: 'Yellow: 80 to 95 %',
  orange: 'Orange: 50 to 80 %',
  red: 'Red: less than 50 %',
  noLessons: 'no lessons planned',

  phaseTitle: 'Phase of the return to school',
  phasePupils: 'Pupils in each phase. In the last week with known phases: {list}.',
  phasePart: '{count} in phase {phase}',
  phaseMean: 'Mean phase of schools with five pupils or more: {first} at first, {last} at the end.',
  phaseNone: 'No phases are known in this period.',
  phaseBack: 'A step back is a normal part of the way.',
  phaseUnit: 'phase',

  delayTitle: 'Delay of picture and sound on the way',
  delaySummary:
    'Half of the time the picture came within {p50} ms. In one of twenty minutes the slowest moments took {p95} ms or more.',
  delayNone: 'No delay was measured in this period.',
  delayUnit: 'part of the time',
  delayOver: '{ms} and more',

  endsTitle: 'How sessions ended',
  endsSummary: '{good} of {sessions} {sessions?session|sessions} ended because the pupil left.',
  hangUp: 'The pupil left',
  lost: 'The connection was lost',
  lessonOver: 'The lesson was over',
  robotStopped: 'The robot was switched off or restarted',
  revoked: 'The pupil’s access was withdrawn',
  batteryEmpty: 'The battery was empty',
  tooHot: 'The robot was too hot',
  powerLost: 'The power failed',

  robotsTitle: 'All robots',
  schoolsTitle: 'All schools',
  unusedTitle: 'Not used in this period',
  unusedPlanned: 'Lessons were planned',
  unusedSpare: 'Without a plan',
  robot: 'Robot',
  school: 'School',
  week: 'Week of',
  phase: 'Phase',
  lessons: 'Lessons',
  lastUsed: 'Last used',
  reason: 'Reason',
  share: 'Part',
  delayClass: 'Delay',
  asTable: 'The same as a table',

  notesTitle: 'About these figures',
  noteBands:
    'Attendance is the part of the planned lesson time in which the pupil was in class by robot. Illness and free days that nobody took out of the plan count as missed.',
  noteDelay:
    'Delay is by session: each session counts with its own median, for as long as it lasted.',
  noteUndated:
    '{sessions} {sessions?session|sessions} came from a robot that did not know the time. They count in hours, in no lesson.',
  noteSmall:
    'Groups of fewer than five pupils are not shown here, nor can they be computed from what is shown.',
  noteLeftOut:
    '{schools} {schools?school is|schools are} too small to be in any of these figures, totals included.',
  noteMissing: 'No figures yet of the weeks of {weeks}.',
} as const;

/** Nederlands, voor wie op school of bij de gemeente werkt. */
const nl: Translation<typeof en> = {
  title: 'Hoe de robots zijn gebruikt',
  allSchools: 'Alle scholen samen',
  smallSchools: 'Kleine scholen samen',
  period: '{first} tot en met {last}',
  madeOn: 'Gemaakt op {date}. Tijden zijn die van {zone}.',
  pseudonyms: 'Zonder namen van leerlingen.',

  hours: 'Uren in de klas',
  sessions: 'Sessies',
  attendance: 'Aanwezigheid',
  attendanceOf: 'van de geplande lestijd',
  pupils: 'Leerlingen',
  pupilsAWeek: 'gemiddeld per week',
  pupilsWithLessons: 'met een les in deze periode',
  delay: 'Vertraging van het beeld',
  delayOf: 'of minder, de helft van de tijd',
  milliseconds: '{ms} ms',
  before: '{change} ten opzichte van de periode ervoor',
  noneKnown: 'onbekend',

  hoursTitle: 'Uren per week',
  hoursSummary:
    '{hours} uur in {sessions} {sessions?sessie|sessies}. De week met de meeste uren was die van {week}: {most} uur.',
  hoursNone: 'Er waren geen sessies in deze periode.',
  hoursUnit: 'uren',

  bandsByRobot: 'Aanwezigheid per robot',
  bandsBySchool: 'Aanwezigheid per school',
  bandsSummary:
    'Van {lessons} geplande {lessons?les|lessen} {green?is|zijn} er {green} bijna helemaal bijgewoond en {red} minder dan de helft.',
  bandsNone: 'Er waren geen lessen gepland in deze periode.',
  bandsRead: 'Elke balk toont de lessen van één rij; het percentage is de bijgewoonde lestijd.',
  green: 'Groen: 95 % of meer',
  yellow: 'Geel: 80 tot 95 %',
  orange: 'Oranje: 50 tot 80 %',
  red: 'Rood: minder dan 50 %',
  noLessons: 'geen lessen gepland',

  phaseTitle: 'Fase van de terugkeer naar school',
  phasePupils: 'Leerlingen in elke fase. In de laatste week met bekende fasen: {list}.',
  phasePart: '{count} in fase {phase}',
  phaseMean:
    'Gemiddelde fase van scholen met vijf leerlingen of meer: {first} in het begin, {last} aan het eind.',
  phaseNone: 'In deze periode zijn geen fasen bekend.',
  phaseBack: 'Een stap terug hoort erbij.',
  phaseUnit: 'fase',

  delayTitle: 'Vertraging van beeld en geluid onderweg',
  delaySummary:
    'De helft van de tijd kwam het beeld binnen {p50} ms. In één op de twintig minuten duurden de traagste momenten {p95} ms of langer.',
  delayNone: 'In deze periode is geen vertraging gemeten.',
  delayUnit: 'deel van de tijd',
  delayOver: '{ms} en meer',

  endsTitle: 'Hoe sessies eindigden',
  endsSummary:
    '{good} van {sessions} {sessions?sessie eindigde|sessies eindigden} omdat de leerling de les verliet.',
  hangUp: 'De leerling verliet de les',
  lost: 'De verbinding viel weg',
  lessonOver: 'De les was afgelopen',
  robotStopped: 'De robot is uitgezet of opnieuw gestart',
  revoked: 'De toegang van de leerling is ingetrokken',
  batteryEmpty: 'De batterij was leeg',
  tooHot: 'De robot was te heet',
  powerLost: 'De stroom viel uit',

  robotsTitle: 'Alle robots',
  schoolsTitle: 'Alle scholen',
  unusedTitle: 'Niet gebruikt in deze periode',
  unusedPlanned: 'Er waren lessen gepland',
  unusedSpare: 'Zonder planning',
  robot: 'Robot',
  school: 'School',
  week: 'Week van',
  phase: 'Fase',
  lessons: 'Lessen',
  lastUsed: 'Laatst gebruikt',
  reason: 'Reden',
  share: 'Deel',
  delayClass: 'Vertraging',
  asTable: 'Hetzelfde als tabel',

  notesTitle: 'Over deze cijfers',
  noteBands:
    'Aanwezigheid is het deel van de geplande lestijd waarin de leerling via de robot in de klas was. Ziekte en vrije dagen die niemand uit de planning haalde, tellen als gemist.',
  noteDelay:
    'Vertraging is per sessie: elke sessie telt met haar eigen mediaan, zo lang als zij duurde.',
  noteUndated:
    '{sessions} {sessions?sessie kwam|sessies kwamen} van een robot die niet wist hoe laat het was. Ze tellen mee in uren, in geen enkele les.',
  noteSmall:
    'Groepen van minder dan vijf leerlingen staan hier niet, en zijn er ook niet uit af te leiden.',
  noteLeftOut:
    '{schools} {schools?school is|scholen zijn} te klein voor deze cijfers, ook voor de totalen.',
  noteMissing: 'Nog geen cijfers van de weken van {weeks}.',
};

/** Svenska, för dem som arbetar i skolan eller kommunen. */
const sv: Translation<typeof en> = {
  title: 'Så användes robotarna',
  allSchools: 'Alla skolor tillsammans',
  smallSchools: 'Små skolor tillsammans',
  period: '{first} till och med {last}',
  madeOn: 'Skapad {date}. Tider gäller {zone}.',
  pseudonyms: 'Utan elevers namn.',

  hours: 'Timmar i klassen',
  sessions: 'Sessioner',
  attendance: 'Närvaro',
  attendanceOf: 'av den planerade lektionstiden',
  pupils: 'Elever',
  pupilsAWeek: 'i genomsnitt per vecka',
  pupilsWithLessons: 'med en lektion under perioden',
  delay: 'Bildens fördröjning',
  delayOf: 'eller mindre, halva tiden',
  milliseconds: '{ms} ms',
  before: '{change} jämfört med perioden innan',
  noneKnown: 'okänt',

  hoursTitle: 'Timmar per vecka',
  hoursSummary:
    '{hours} timmar i {sessions} {sessions?session|sessioner}. Flest timmar hade veckan från {week}: {most} timmar.',
  hoursNone: 'Det fanns inga sessioner under perioden.',
  hoursUnit: 'timmar',

  bandsByRobot: 'Närvaro per robot',
  bandsBySchool: 'Närvaro per skola',
  bandsSummary:
    'Av {lessons} {lessons?planerad lektion|planerade lektioner} hade {green} nästan full närvaro och {red} mindre än hälften.',
  bandsNone: 'Inga lektioner var planerade under perioden.',
  bandsRead: 'Varje stapel visar lektionerna på en rad; procenttalet är lektionstiden med närvaro.',
  green: 'Grönt: 95 % eller mer',
  yellow: 'Gult: 80 till 95 %',
  orange: 'Orange: 50 till 80 %',
  red: 'Rött: mindre än 50 %',
  noLessons: 'inga lektioner planerade',

  phaseTitle: 'Fas i återgången till skolan',
  phasePupils: 'Elever i varje fas. Under den sista veckan med kända faser: {list}.',
  phasePart: '{count} i fas {phase}',
  phaseMean:
    'Genomsnittlig fas för skolor med fem elever eller fler: {first} i början, {last} i slutet.',
  phaseNone: 'Inga faser är kända för perioden.',
  phaseBack: 'Ett steg tillbaka är en vanlig del av vägen.',
  phaseUnit: 'fas',

  delayTitle: 'Fördröjning av bild och ljud på vägen',
  delaySummary:
    'Halva tiden kom bilden inom {p50} ms. I en minut av tjugo tog de långsammaste ögonblicken {p95} ms eller mer.',
  delayNone: 'Ingen fördröjning mättes under perioden.',
  delayUnit: 'andel av tiden',
  delayOver: '{ms} och mer',

  endsTitle: 'Så slutade sessionerna',
  endsSummary:
    '{good} av {sessions} {sessions?session|sessioner} slutade med att eleven lämnade lektionen.',
  hangUp: 'Eleven lämnade lektionen',
  lost: 'Anslutningen bröts',
  lessonOver: 'Lektionen var slut',
  robotStopped: 'Roboten stängdes av eller startades om',
  revoked: 'Elevens åtkomst drogs tillbaka',
  batteryEmpty: 'Batteriet var tomt',
  tooHot: 'Roboten var för varm',
  powerLost: 'Strömmen försvann',

  robotsTitle: 'Alla robotar',
  schoolsTitle: 'Alla skolor',
  unusedTitle: 'Inte använda under perioden',
  unusedPlanned: 'Lektioner var planerade',
  unusedSpare: 'Utan planering',
  robot: 'Robot',
  school: 'Skola',
  week: 'Veckan från',
  phase: 'Fas',
  lessons: 'Lektioner',
  lastUsed: 'Senast använd',
  reason: 'Orsak',
  share: 'Andel',
  delayClass: 'Fördröjning',
  asTable: 'Samma sak som tabell',

  notesTitle: 'Om siffrorna',
  noteBands:
    'Närvaro är den del av den planerade lektionstiden då eleven var i klassen via roboten. Sjukdom och lediga dagar som ingen tog bort ur planeringen räknas som frånvaro.',
  noteDelay:
    'Fördröjningen är per session: varje session räknas med sin egen median, så länge den varade.',
  noteUndated:
    '{sessions} {sessions?session|sessioner} kom från en robot som inte visste vad klockan var. De räknas i timmar, men inte i någon lektion.',
  noteSmall:
    'Grupper med färre än fem elever visas inte här och kan inte heller räknas fram ur det som visas.',
  noteLeftOut:
    '{schools} {schools?skola är|skolor är} för små för att ingå i siffrorna, även i summorna.',
  noteMissing: 'Ännu inga siffror för veckorna från {weeks}.',
};

export const reportWords: Dictionaries<typeof en> = { nl, sv, en };
export type ReportWords = typeof en;
