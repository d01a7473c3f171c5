import type { Dictionaries, Translate } from '../command/language.ts';
import type { Problem } from './problem.ts';

const en = {
  title: 'Calibrating the head',
  intro:
    'About three minutes. Ctrl-C stops at any time; the head then goes limp and nothing is changed.',
  lookAhead: 'Turn the head so that it looks straight ahead and level. Hold it there.',
  turnLeft: 'Turn the head a quarter turn to the robot’s own left. Hold it there.',
  turnUp: 'Tilt the head up as far as it goes easily. Hold it there.',
  letGo: 'Let go, and keep fingers and cables away: the head will now move by itself.',
  whenDone: 'Press Enter when ready',
  middle: 'Going to the middle in small steps',
  sweepPan: 'Turning slowly to both ends',
  sweepTilt: 'Tilting slowly to both ends',
  verify: 'Checking what was found',
  pan: 'turning',
  tilt: 'tilting',
  panAxis: 'pan',
  tiltAxis: 'tilt',
  commanded: 'told',
  measured: 'measured',
  save: 'Save this calibration in {file}? [y/N]',
  saved: 'Saved in {file}. Start the robot again: sudo systemctl start deskmate-firmware',
  notSaved: 'Not saved. The calibration from before still holds.',
  firmwareRuns:
    'The robot is running. Stop it first: sudo systemctl stop deskmate-firmware deskmate-agent',
  noHead: 'The board “{board}” has no servos with encoders: there is nothing to calibrate.',
  noAnswer: '{why}. Check its cable and power, then try again.',
  noMagnet:
    'The {axis} sensor sees no magnet. Check that the magnet sits 0.5 to 3 mm above the chip.',
  unsteady:
    'The head moved by {spread} degrees while it was measured. Hold it still and try again.',
  turnUnclear:
    'The head was turned by {turned} degrees ({axis}); that is too little or too much to tell the direction. Try again.',
  doesNotMove: 'The {axis} servo does not move. Check its plug and its power.',
  swapped: 'The plugs of the two servos are swapped: pan belongs on channel 0, tilt on channel 1.',
  shortRange:
    'The head reached {reached} degrees, but must reach {needed} ({axis}). Remove what is in its way, or mount the servo horn about {further} degrees further.',
  notStraight:
    'The measurements are {off} degrees off a straight line ({axis}). Is the servo horn loose, or the magnet off centre?',
  verifyFailed:
    'Told to go to {wanted} degrees, the head went to {measured} ({axis}). Try again; if it stays so, the servo slips.',
  cancelled: 'Stopped. Nothing was changed.',
} as const;

export type CalibrateWords = typeof en;
export type Say = Translate<CalibrateWords>;

export const calibrateWords: Dictionaries<CalibrateWords> = {
  en,
  nl: {
    title: 'Het hoofd kalibreren',
    intro:
      'Ongeveer drie minuten. Met Ctrl-C stop je op elk moment; het hoofd hangt dan los en er verandert niets.',
    lookAhead: 'Draai het hoofd zo dat het recht vooruit kijkt en waterpas staat. Houd het daar.',
    turnLeft: 'Draai het hoofd een kwartslag naar links, gezien vanuit de robot. Houd het daar.',
    turnUp: 'Kantel het hoofd omhoog zover het makkelijk gaat. Houd het daar.',
    letGo: 'Laat los en houd vingers en kabels uit de buurt: het hoofd beweegt nu vanzelf.',
    whenDone: 'Druk op Enter als het zover is',
    middle: 'In kleine stapjes naar het midden',
    sweepPan: 'Langzaam naar beide kanten draaien',
    sweepTilt: 'Langzaam naar beide kanten kantelen',
    verify: 'Controleren wat gevonden is',
    pan: 'draaien',
    tilt: 'kantelen',
    panAxis: 'draaien',
    tiltAxis: 'kantelen',
    commanded: 'gevraagd',
    measured: 'gemeten',
    save: 'Deze kalibratie bewaren in {file}? [j/N]',
    saved: 'Bewaard in {file}. Start de robot weer: sudo systemctl start deskmate-firmware',
    notSaved: 'Niet bewaard. De vorige kalibratie geldt nog.',
    firmwareRuns:
      'De robot is in bedrijf. Stop hem eerst: sudo systemctl stop deskmate-firmware deskmate-agent',
    noHead: 'Het board ‘{board}’ heeft geen servo’s met hoeksensoren: er valt niets te kalibreren.',
    noAnswer: '{why}. Controleer kabel en voeding en probeer het opnieuw.',
    noMagnet:
      'De hoeksensor ({axis}) ziet geen magneet. Zit de magneet 0,5 tot 3 mm boven de chip?',
    unsteady:
      'Het hoofd bewoog {spread} graden tijdens het meten. Houd het stil en probeer het opnieuw.',
    turnUnclear:
      'Het hoofd is {turned} graden gedraaid ({axis}); te weinig of te veel om de richting te zien. Probeer het opnieuw.',
    doesNotMove: 'De servo voor {axis} beweegt niet. Controleer stekker en voeding.',
    swapped:
      'De stekkers van de twee servo’s zijn verwisseld: draaien hoort op kanaal 0, kantelen op kanaal 1.',
    shortRange:
      'Het hoofd kwam tot {reached} graden, maar moet tot {needed} ({axis}). Haal weg wat in de weg zit, of zet de servoarm ongeveer {further} graden verder.',
    notStraight:
      'De metingen liggen {off} graden naast een rechte lijn ({axis}). Zit de servoarm los, of de magneet scheef?',
    verifyFailed:
      'Het hoofd moest naar {wanted} graden en ging naar {measured} ({axis}). Probeer het opnieuw; blijft het zo, dan slipt de servo.',
    cancelled: 'Gestopt. Er is niets veranderd.',
  },
  sv: {
    title: 'Kalibrera huvudet',
    intro:
      'Ungefär tre minuter. Ctrl-C avbryter när som helst; huvudet hänger då löst och inget ändras.',
    lookAhead: 'Vrid huvudet så att det tittar rakt fram och vågrätt. Håll det där.',
    turnLeft: 'Vrid huvudet ett kvarts varv åt vänster, sett från roboten. Håll det där.',
    turnUp: 'Luta huvudet uppåt så långt det går lätt. Håll det där.',
    letGo: 'Släpp, och håll undan fingrar och sladdar: huvudet rör sig nu av sig självt.',
    whenDone: 'Tryck på Enter när du är klar',
    middle: 'Vrider till mitten i små steg',
    sweepPan: 'Vrider långsamt till båda ändarna',
    sweepTilt: 'Lutar långsamt till båda ändarna',
    verify: 'Kontrollerar det som hittades',
    pan: 'vridning',
    tilt: 'lutning',
    panAxis: 'vridning',
    tiltAxis: 'lutning',
    commanded: 'begärt',
    measured: 'uppmätt',
    save: 'Spara kalibreringen i {file}? [j/N]',
    saved: 'Sparad i {file}. Starta roboten igen: sudo systemctl start deskmate-firmware',
    notSaved: 'Inte sparad. Den förra kalibreringen gäller fortfarande.',
    firmwareRuns:
      'Roboten är igång. Stoppa den först: sudo systemctl stop deskmate-firmware deskmate-agent',
    noHead: 'Kortet ”{board}” har inga servon med vinkelgivare: det finns inget att kalibrera.',
    noAnswer: '{why}. Kontrollera kabel och ström och försök igen.',
    noMagnet:
      'Vinkelgivaren ({axis}) ser ingen magnet. Sitter magneten 0,5 till 3 mm ovanför kretsen?',
    unsteady: 'Huvudet rörde sig {spread} grader under mätningen. Håll det stilla och försök igen.',
    turnUnclear:
      'Huvudet vreds {turned} grader ({axis}); för lite eller för mycket för att se riktningen. Försök igen.',
    doesNotMove: 'Servot för {axis} rör sig inte. Kontrollera kontakt och ström.',
    swapped:
      'Kontakterna till de två servona är förväxlade: vridning hör till kanal 0, lutning till kanal 1.',
    shortRange:
      'Huvudet kom till {reached} grader men måste nå {needed} ({axis}). Ta bort det som är i vägen, eller flytta servoarmen ungefär {further} grader.',
    notStraight:
      'Mätningarna ligger {off} grader från en rät linje ({axis}). Sitter servoarmen löst, eller magneten snett?',
    verifyFailed:
      'Huvudet skulle till {wanted} grader men gick till {measured} ({axis}). Försök igen; händer det igen slirar servot.',
    cancelled: 'Avbrutet. Inget har ändrats.',
  },
};

/** Why it cannot be calibrated, and what to do. */
export function problemText(say: Say, problem: Problem): string {
  const axis = 'axis' in problem ? say(`${problem.axis}Axis`) : '';
  switch (problem.kind) {
    case 'noAnswer':
      return say('noAnswer', { why: problem.why });
    case 'noMagnet':
    case 'doesNotMove':
      return say(problem.kind, { axis });
    case 'unsteady':
      return say('unsteady', { spread: size(problem.spreadDeg) });
    case 'turnUnclear':
      return say('turnUnclear', { axis, turned: size(problem.turnedDeg) });
    case 'shortRange': {
      const { reachedDeg, neededDeg } = problem;
      const further = size(neededDeg - reachedDeg);
      return say('shortRange', {
        axis,
        reached: whole(reachedDeg),
        needed: `${neededDeg}`,
        further,
      });
    }
    case 'notStraight':
      return say('notStraight', { axis, off: size(problem.offDeg) });
    case 'verifyFailed': {
      const { wantedDeg, measuredDeg } = problem;
      return say('verifyFailed', { axis, wanted: whole(wantedDeg), measured: whole(measuredDeg) });
    }
    case 'swapped':
    case 'cancelled':
      return say(problem.kind);
  }
}

const whole = (deg: number): string => `${Math.round(deg)}`;
const size = (deg: number): string => whole(Math.abs(deg));
