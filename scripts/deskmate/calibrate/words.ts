import type { AxisName, Problem } from './problem.ts';
import type { Ask, Stage } from './procedure.ts';

/** What the calibration says, in one language. */
export interface CalibrateWords {
  readonly title: string;
  readonly intro: string;
  readonly ask: Record<Ask, string>;
  readonly whenDone: string;
  readonly stage: Record<Stage, string>;
  readonly axis: Record<AxisName, string>;
  readonly commanded: string;
  readonly measured: string;
  readonly save: (file: string) => string;
  readonly saved: (file: string) => string;
  readonly notSaved: string;
  readonly firmwareRuns: string;
  readonly noHead: (board: string) => string;
  readonly problem: (problem: Problem) => string;
}

const round = (deg: number): number => Math.round(Math.abs(deg));

export const calibrateWords: Record<'en' | 'nl' | 'sv', CalibrateWords> = {
  en: {
    title: 'Calibrating the head',
    intro:
      'About three minutes. Ctrl-C stops at any time; the head then goes limp and nothing is changed.',
    ask: {
      lookAhead: 'Turn the head so that it looks straight ahead and level. Hold it there.',
      turnLeft: 'Turn the head a quarter turn to the robot’s own left. Hold it there.',
      turnUp: 'Tilt the head up as far as it goes easily. Hold it there.',
      letGo: 'Let go, and keep fingers and cables away: the head will now move by itself.',
    },
    whenDone: 'Press Enter when ready',
    stage: {
      middle: 'Going to the middle in small steps',
      sweepPan: 'Turning slowly to both ends',
      sweepTilt: 'Tilting slowly to both ends',
      verify: 'Checking what was found',
    },
    axis: { pan: 'turning', tilt: 'tilting' },
    commanded: 'told',
    measured: 'measured',
    save: (file) => `Save this calibration in ${file}? [y/N]`,
    saved: (file) =>
      `Saved in ${file}. Start the robot again: sudo systemctl start deskmate-firmware`,
    notSaved: 'Not saved. The calibration from before still holds.',
    firmwareRuns:
      'The robot is running. Stop it first: sudo systemctl stop deskmate-firmware deskmate-agent',
    noHead: (board) =>
      `The board “${board}” has no servos with encoders: there is nothing to calibrate.`,
    problem: (problem) => {
      switch (problem.kind) {
        case 'noAnswer':
          return `${problem.why}. Check its cable and power, then try again.`;
        case 'noMagnet':
          return `The ${problem.axis} sensor sees no magnet. Check that the magnet sits 0.5 to 3 mm above the chip.`;
        case 'unsteady':
          return `The head moved by ${round(problem.spreadDeg)} degrees while it was measured. Hold it still and try again.`;
        case 'turnUnclear':
          return `The head was turned by ${round(problem.turnedDeg)} degrees (${problem.axis}); that is too little or too much to tell the direction. Try again.`;
        case 'doesNotMove':
          return `The ${problem.axis} servo does not move. Check its plug and its power.`;
        case 'swapped':
          return 'The plugs of the two servos are swapped: pan belongs on channel 0, tilt on channel 1.';
        case 'shortRange':
          return `The head reached ${Math.round(problem.reachedDeg)} degrees, but must reach ${problem.neededDeg} (${problem.axis}). Remove what is in its way, or mount the servo horn about ${round(problem.neededDeg - problem.reachedDeg)} degrees further.`;
        case 'notStraight':
          return `The measurements are ${round(problem.offDeg)} degrees off a straight line (${problem.axis}). Is the servo horn loose, or the magnet off centre?`;
        case 'verifyFailed':
          return `Told to go to ${Math.round(problem.wantedDeg)} degrees, the head went to ${Math.round(problem.measuredDeg)} (${problem.axis}). Try again; if it stays so, the servo slips.`;
        case 'cancelled':
          return 'Stopped. Nothing was changed.';
      }
    },
  },
  nl: {
    title: 'Het hoofd kalibreren',
    intro:
      'Ongeveer drie minuten. Met Ctrl-C stop je op elk moment; het hoofd hangt dan los en er verandert niets.',
    ask: {
      lookAhead: 'Draai het hoofd zo dat het recht vooruit kijkt en waterpas staat. Houd het daar.',
      turnLeft: 'Draai het hoofd een kwartslag naar links, gezien vanuit de robot. Houd het daar.',
      turnUp: 'Kantel het hoofd omhoog zover het makkelijk gaat. Houd het daar.',
      letGo: 'Laat los en houd vingers en kabels uit de buurt: het hoofd beweegt nu vanzelf.',
    },
    whenDone: 'Druk op Enter als het zover is',
    stage: {
      middle: 'In kleine stapjes naar het midden',
      sweepPan: 'Langzaam naar beide kanten draaien',
      sweepTilt: 'Langzaam naar beide kanten kantelen',
      verify: 'Controleren wat gevonden is',
    },
    axis: { pan: 'draaien', tilt: 'kantelen' },
    commanded: 'gevraagd',
    measured: 'gemeten',
    save: (file) => `Deze kalibratie bewaren in ${file}? [j/N]`,
    saved: (file) =>
      `Bewaard in ${file}. Start de robot weer: sudo systemctl start deskmate-firmware`,
    notSaved: 'Niet bewaard. De vorige kalibratie geldt nog.',
    firmwareRuns:
      'De robot is in bedrijf. Stop hem eerst: sudo systemctl stop deskmate-firmware deskmate-agent',
    noHead: (board) =>
      `Het board ‘${board}’ heeft geen servo’s met hoeksensoren: er valt niets te kalibreren.`,
    problem: (problem) => {
      switch (problem.kind) {
        case 'noAnswer':
          return `${problem.why}. Controleer kabel en voeding en probeer het opnieuw.`;
        case 'noMagnet':
          return `De hoeksensor (${nlAxis(problem.axis)}) ziet geen magneet. Zit de magneet 0,5 tot 3 mm boven de chip?`;
        case 'unsteady':
          return `Het hoofd bewoog ${round(problem.spreadDeg)} graden tijdens het meten. Houd het stil en probeer het opnieuw.`;
        case 'turnUnclear':
          return `Het hoofd is ${round(problem.turnedDeg)} graden gedraaid (${nlAxis(problem.axis)}); te weinig of te veel om de richting te zien. Probeer het opnieuw.`;
        case 'doesNotMove':
          return `De servo voor ${nlAxis(problem.axis)} beweegt niet. Controleer stekker en voeding.`;
        case 'swapped':
          return 'De stekkers van de twee servo’s zijn verwisseld: draaien hoort op kanaal 0, kantelen op kanaal 1.';
        case 'shortRange':
          return `Het hoofd kwam tot ${Math.round(problem.reachedDeg)} graden, maar moet tot ${problem.neededDeg} (${nlAxis(problem.axis)}). Haal weg wat in de weg zit, of zet de servoarm ongeveer ${round(problem.neededDeg - problem.reachedDeg)} graden verder.`;
        case 'notStraight':
          return `De metingen liggen ${round(problem.offDeg)} graden naast een rechte lijn (${nlAxis(problem.axis)}). Zit de servoarm los, of de magneet scheef?`;
        case 'verifyFailed':
          return `Het hoofd moest naar ${Math.round(problem.wantedDeg)} graden en ging naar ${Math.round(problem.measuredDeg)} (${nlAxis(problem.axis)}). Probeer het opnieuw; blijft het zo, dan slipt de servo.`;
        case 'cancelled':
          return 'Gestopt. Er is niets veranderd.';
      }
    },
  },
  sv: {
    title: 'Kalibrera huvudet',
    intro:
      'Ungefär tre minuter. Ctrl-C avbryter när som helst; huvudet hänger då löst och inget ändras.',
    ask: {
      lookAhead: 'Vrid huvudet så att det tittar rakt fram och vågrätt. Håll det där.',
      turnLeft: 'Vrid huvudet ett kvarts varv åt vänster, sett från roboten. Håll det där.',
      turnUp: 'Luta huvudet uppåt så långt det går lätt. Håll det där.',
      letGo: 'Släpp, och håll undan fingrar och sladdar: huvudet rör sig nu av sig självt.',
    },
    whenDone: 'Tryck på Enter när du är klar',
    stage: {
      middle: 'Vrider till mitten i små steg',
      sweepPan: 'Vrider långsamt till båda ändarna',
      sweepTilt: 'Lutar långsamt till båda ändarna',
      verify: 'Kontrollerar det som hittades',
    },
    axis: { pan: 'vridning', tilt: 'lutning' },
    commanded: 'begärt',
    measured: 'uppmätt',
    save: (file) => `Spara kalibreringen i ${file}? [j/N]`,
    saved: (file) =>
      `Sparad i ${file}. Starta roboten igen: sudo systemctl start deskmate-firmware`,
    notSaved: 'Inte sparad. Den förra kalibreringen gäller fortfarande.',
    firmwareRuns:
      'Roboten är igång. Stoppa den först: sudo systemctl stop deskmate-firmware deskmate-agent',
    noHead: (board) =>
      `Kortet ”${board}” har inga servon med vinkelgivare: det finns inget att kalibrera.`,
    problem: (problem) => {
      switch (problem.kind) {
        case 'noAnswer':
          return `${problem.why}. Kontrollera kabel och ström och försök igen.`;
        case 'noMagnet':
          return `Vinkelgivaren (${svAxis(problem.axis)}) ser ingen magnet. Sitter magneten 0,5 till 3 mm ovanför kretsen?`;
        case 'unsteady':
          return `Huvudet rörde sig ${round(problem.spreadDeg)} grader under mätningen. Håll det stilla och försök igen.`;
        case 'turnUnclear':
          return `Huvudet vreds ${round(problem.turnedDeg)} grader (${svAxis(problem.axis)}); för lite eller för mycket för att se riktningen. Försök igen.`;
        case 'doesNotMove':
          return `Servot för ${svAxis(problem.axis)} rör sig inte. Kontrollera kontakt och ström.`;
        case 'swapped':
          return 'Kontakterna till de två servona är förväxlade: vridning hör till kanal 0, lutning till kanal 1.';
        case 'shortRange':
          return `Huvudet kom till ${Math.round(problem.reachedDeg)} grader men måste nå ${problem.neededDeg} (${svAxis(problem.axis)}). Ta bort det som är i vägen, eller flytta servoarmen ungefär ${round(problem.neededDeg - problem.reachedDeg)} grader.`;
        case 'notStraight':
          return `Mätningarna ligger ${round(problem.offDeg)} grader från en rät linje (${svAxis(problem.axis)}). Sitter servoarmen löst, eller magneten snett?`;
        case 'verifyFailed':
          return `Huvudet skulle till ${Math.round(problem.wantedDeg)} grader men gick till ${Math.round(problem.measuredDeg)} (${svAxis(problem.axis)}). Försök igen; händer det igen slirar servot.`;
        case 'cancelled':
          return 'Avbrutet. Inget har ändrats.';
      }
    },
  },
};

const nlAxis = (axis: AxisName): string => (axis === 'pan' ? 'draaien' : 'kantelen');
const svAxis = (axis: AxisName): string => (axis === 'pan' ? 'vridning' : 'lutning');
