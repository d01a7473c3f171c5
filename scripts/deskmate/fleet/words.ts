/** What the verbs of fleets, robots, audit logs and codes say. */
import type { Dictionaries } from '../command/language.ts';

const en = {
  fleetMade: 'Fleet “{fleet}” is made in {folder}.',
  fleetRoot: 'Thumbprint of its root key, which each robot is told: {root}',
  fleetBackup:
    'Keep a copy of this folder off-line: without it nobody can add a robot or a person.',
  fleetOpen:
    'Its keys are not protected by a passphrase. Whoever reads this folder commands all robots.',
  granted: 'Granted: {role}, until {date}. Give the holder this file: {file}',
  grantNotice: 'The holder types: deskmate key import {file}',
  grantRefused: 'These grants are not good for your key: {why}',
  grantOther: 'they are for another key; yours is {thumbprint}',
  grantRoot: 'they begin at the root {found}, and you expected {root}',
  imported: 'You are {role} in fleet “{fleet}” until {date}. Root: {root}',
  robotRevoked:
    'Robot {robot} is shut out. Give the brokers their new files: deskmate fleet brokers',
  accessRevoked: '{what} is noted as revoked.',
  revokeOrders: 'The robots learn it by these orders: {file}',
  revokeNoOrders: 'The robots do not know it yet. To write the orders that tell them: --out FILE',
  brokersWritten: 'Written to {folder}: {files}',
  robotAdded: 'Robot {robot} is in school {school}. Bring this file to the robot: {file}',
  robotInstall: 'On the robot: sudo deskmate robot install {file}',
  requestMade: 'The request of robot {robot} is in {file}. Bring it to who manages the fleet.',
  installed: 'Robot {robot} belongs to fleet “{fleet}”. Now: sudo systemctl restart deskmate-agent',
  installJoin:
    'Then show it its school: hold the pair button for 5 s, and show the codes of: deskmate code join {file}',
  robotsImported: '{count} robots are in the list.',
  csvRefused: '{file}: nothing was taken over. {errors}',
  auditGood: '{count} entries, unbroken and signed by the key that the fleet vouched for.',
  auditHead:
    'Last entry: {n}, hash {hash}. Compare it with a receipt: missing entries at the end leave no trace.',
  auditEmpty: 'The log is empty.',
  auditWrong: '{file}, line {line}: {why}. From there on it proves nothing.',
  auditMalformed: 'it is no entry of a log',
  auditNotAuthentic: 'it was changed after it was signed',
  auditGap: 'entries before it are missing, doubled, or in another order',
  auditWrongLog: 'it is of another fleet or robot',
  auditNoEvidence: 'it does not prove whose key signs',
  auditWrongKey: 'it is signed by another key',
  auditN: 'No.',
  auditAt: 'When',
  auditWhat: 'What',
  auditRole: 'Role',
  auditOutcome: 'Outcome',
  codesShow: 'Code {n} of {of}',
  codesTurn: 'Hold the pair button for 5 s, then show the robot each code in turn, in any order.',
  sheetWritten: 'The codes are in {file}: open it on a tablet, or print it.',
  sheetTitle: 'Show this to robot {robot}',
  sheetAny: 'Show this to the robot',
  replyKept: 'The key that opens the robot’s answer is kept in {file}.',
  agentDone: 'done',
  agentRefused: 'refused',
  agentFailed: 'failed',
} as const;

export type FleetWords = typeof en;

const nl: { readonly [K in keyof FleetWords]: string } = {
  fleetMade: 'Groep ‘{fleet}’ is gemaakt in {folder}.',
  fleetRoot: 'Vingerafdruk van de hoofdsleutel, die elke robot krijgt: {root}',
  fleetBackup:
    'Bewaar een kopie van deze map los van het netwerk: zonder deze map kan niemand een robot of mens toevoegen.',
  fleetOpen:
    'De sleutels hebben geen wachtwoordzin. Wie deze map kan lezen, kan alle robots opdrachten geven.',
  granted: 'Toegang gegeven: {role}, tot {date}. Geef dit bestand aan wie het krijgt: {file}',
  grantNotice: 'Diegene typt: deskmate key import {file}',
  grantRefused: 'Deze toegang past niet bij je sleutel: {why}',
  grantOther: 'hij is voor een andere sleutel; die van jou is {thumbprint}',
  grantRoot: 'hij begint bij {found}, en jij gaf {root} op',
  imported: 'Je bent {role} in groep ‘{fleet}’ tot {date}. Hoofdsleutel: {root}',
  robotRevoked:
    'Robot {robot} is buitengesloten. Geef de servers hun nieuwe bestanden: deskmate fleet brokers',
  accessRevoked: '{what} is genoteerd als ingetrokken.',
  revokeOrders: 'De robots horen het door deze opdrachten: {file}',
  revokeNoOrders: 'De robots weten het nog niet. De opdrachten daarvoor schrijven: --out BESTAND',
  brokersWritten: 'Geschreven in {folder}: {files}',
  robotAdded: 'Robot {robot} hoort bij school {school}. Breng dit bestand naar de robot: {file}',
  robotInstall: 'Op de robot: sudo deskmate robot install {file}',
  requestMade: 'De aanvraag van robot {robot} staat in {file}. Breng hem naar de beheerder.',
  installed:
    'Robot {robot} hoort bij groep ‘{fleet}’. Typ nu: sudo systemctl restart deskmate-agent',
  installJoin:
    'Laat hem daarna zijn school zien: houd de koppelknop 5 s ingedrukt en toon de codes van: deskmate code join {file}',
  robotsImported: 'Er staan {count} robots in de lijst.',
  csvRefused: '{file}: er is niets overgenomen. {errors}',
  auditGood:
    '{count} regels, ononderbroken en ondertekend met de sleutel waar de groep voor instaat.',
  auditHead:
    'Laatste regel: {n}, hash {hash}. Vergelijk die met een ontvangstbewijs: regels die aan het eind ontbreken, laten geen spoor na.',
  auditEmpty: 'Het logboek is leeg.',
  auditWrong: '{file}, regel {line}: {why}. Vanaf daar bewijst het niets.',
  auditMalformed: 'dit is geen regel van een logboek',
  auditNotAuthentic: 'hij is na het ondertekenen veranderd',
  auditGap: 'ervoor ontbreken regels, staan ze dubbel of in een andere volgorde',
  auditWrongLog: 'hij is van een andere groep of robot',
  auditNoEvidence: 'hij bewijst niet wiens sleutel ondertekent',
  auditWrongKey: 'hij is met een andere sleutel ondertekend',
  auditN: 'Nr.',
  auditAt: 'Wanneer',
  auditWhat: 'Wat',
  auditRole: 'Rol',
  auditOutcome: 'Resultaat',
  codesShow: 'Code {n} van {of}',
  codesTurn:
    'Houd de koppelknop 5 s ingedrukt en laat de robot daarna elke code zien; de volgorde maakt niet uit.',
  sheetWritten: 'De codes staan in {file}: open het op een tablet, of druk het af.',
  sheetTitle: 'Laat dit aan robot {robot} zien',
  sheetAny: 'Laat dit aan de robot zien',
  replyKept: 'De sleutel die het antwoord van de robot opent, staat in {file}.',
  agentDone: 'gedaan',
  agentRefused: 'geweigerd',
  agentFailed: 'mislukt',
};

const sv: { readonly [K in keyof FleetWords]: string } = {
  fleetMade: 'Gruppen ”{fleet}” är gjord i {folder}.',
  fleetRoot: 'Fingeravtryck av huvudnyckeln, som varje robot får: {root}',
  fleetBackup:
    'Spara en kopia av mappen utan nätverk: utan den kan ingen lägga till en robot eller en person.',
  fleetOpen:
    'Nycklarna skyddas inte av någon lösenfras. Den som kan läsa mappen styr alla robotar.',
  granted: 'Tillträde givet: {role}, till {date}. Ge den här filen till den som får det: {file}',
  grantNotice: 'Den personen skriver: deskmate key import {file}',
  grantRefused: 'Tillträdet passar inte din nyckel: {why}',
  grantOther: 'det är för en annan nyckel; din är {thumbprint}',
  grantRoot: 'det börjar vid {found}, och du angav {root}',
  imported: 'Du är {role} i gruppen ”{fleet}” till {date}. Huvudnyckel: {root}',
  robotRevoked:
    'Roboten {robot} är utestängd. Ge servrarna deras nya filer: deskmate fleet brokers',
  accessRevoked: '{what} är antecknat som återkallat.',
  revokeOrders: 'Robotarna får veta det genom dessa order: {file}',
  revokeNoOrders: 'Robotarna vet det inte ännu. För att skriva orderna: --out FIL',
  brokersWritten: 'Skrivet i {folder}: {files}',
  robotAdded: 'Roboten {robot} hör till skolan {school}. Ta med den här filen till roboten: {file}',
  robotInstall: 'På roboten: sudo deskmate robot install {file}',
  requestMade: 'Begäran från roboten {robot} finns i {file}. Ge den till den som sköter robotarna.',
  installed:
    'Roboten {robot} hör till gruppen ”{fleet}”. Skriv nu: sudo systemctl restart deskmate-agent',
  installJoin:
    'Visa sedan vilken skola den hör till: håll in parkopplingsknappen i 5 s och visa koderna från: deskmate code join {file}',
  robotsImported: '{count} robotar finns i listan.',
  csvRefused: '{file}: inget har tagits över. {errors}',
  auditGood: '{count} rader, obrutna och signerade med nyckeln som gruppen går i god för.',
  auditHead:
    'Sista raden: {n}, hash {hash}. Jämför med ett kvitto: rader som saknas i slutet lämnar inga spår.',
  auditEmpty: 'Loggen är tom.',
  auditWrong: '{file}, rad {line}: {why}. Därifrån bevisar den inget.',
  auditMalformed: 'det är ingen rad i en logg',
  auditNotAuthentic: 'den ändrades efter att den signerades',
  auditGap: 'rader före den saknas, är dubbla eller står i en annan ordning',
  auditWrongLog: 'den hör till en annan grupp eller robot',
  auditNoEvidence: 'den bevisar inte vems nyckel som signerar',
  auditWrongKey: 'den är signerad med en annan nyckel',
  auditN: 'Nr',
  auditAt: 'När',
  auditWhat: 'Vad',
  auditRole: 'Roll',
  auditOutcome: 'Resultat',
  codesShow: 'Kod {n} av {of}',
  codesTurn:
    'Håll in parkopplingsknappen i 5 s och visa sedan varje kod för roboten; ordningen spelar ingen roll.',
  sheetWritten: 'Koderna finns i {file}: öppna den på en surfplatta, eller skriv ut den.',
  sheetTitle: 'Visa detta för roboten {robot}',
  sheetAny: 'Visa detta för roboten',
  replyKept: 'Nyckeln som öppnar robotens svar finns i {file}.',
  agentDone: 'gjort',
  agentRefused: 'nekat',
  agentFailed: 'misslyckades',
};

export const fleetWords: Dictionaries<FleetWords> = { en, nl, sv };
