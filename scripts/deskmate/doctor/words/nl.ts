import type { en } from './en.ts';

export const nl: { readonly [K in keyof typeof en]: string } = {
  board: 'Board',
  config: 'Configuratie',
  i2c: 'I2C-chips',
  gpio: 'GPIO-lijnen',
  camera: 'Camera',
  sound: 'Geluid',
  network: 'Netwerk',
  clock: 'Klok',
  disk: 'Opslag',
  permissions: 'Rechten',
  computer: 'Computer',
  services: 'Diensten',
  node: 'Node.js',
  watchdog: 'Watchdog',
  ok: 'goed',
  notExamined: 'niet onderzocht',
  warning: 'let op',
  problem: 'probleem',
  allWell: 'Alles is in orde.',
  wellAsSeen: 'Alles wat onderzocht is, is in orde.',
  sumWarnings: 'Het werkt; bekijk de waarschuwingen ({warnings}).',
  sumProblems: 'Problemen: {problems}, waarschuwingen: {warnings}. Begin bovenaan.',
  tooLong:
    'Geen antwoord binnen {seconds} s.|Er loopt iets vast. Start de robot opnieuw op; blijft het zo, meld het dan.',
  notOnBoard: 'Zit niet op dit board.',
  boardFirst: 'Het is niet bekend welk board dit is: zie Board.',
  notSeen: 'Deze computer zegt er niets over.',
  boardOk: '{name}',
  boardUnknown:
    'Het board is onbruikbaar: {why}|Corrigeer het boardbestand, of geef een ander op met --board.',
  boardNone:
    'In geen enkele configuratie staat welk board dit is.|Installeer het pakket, of geef een board op: --board laptop',
  configOk: '{file}',
  configNone: 'Hier is niets geïnstalleerd.',
  configMissing:
    '{file} is er niet.|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  configDenied: '{file} mag je niet lezen.|Probeer het nog eens met sudo.',
  configWrong: '{why}|Corrigeer deze regel in {file}.',
  configStrange:
    '{file}: {why}|Corrigeer het als het verkeerd gespeld is; laat het staan als een nieuwere versie het heeft geschreven.',
  calibrationOk: 'Gekalibreerd.',
  calibrationMissing: 'Niet gekalibreerd: het hoofd beweegt niet.|sudo deskmate calibrate',
  calibrationWrong: '{why}|sudo deskmate calibrate',
  i2cMissing:
    '{device} is er niet.|Zet I2C aan (Raspberry Pi: dtparam=i2c_arm=on in config.txt), laad de module i2c-dev en start opnieuw op.',
  i2cDenied:
    '{user} mag {device} niet openen.|Probeer het nog eens met sudo, of: sudo adduser {user} {group}',
  i2cNoLibrary:
    'De I2C-bibliotheek kan niet worden geladen: {why}|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  i2cAnswers: '{chip} antwoordt.',
  i2cSilent: '{chip} antwoordt niet.|Controleer stekker en voeding, en of het adres {address} is.',
  i2cKernel:
    '{chip} is in handen van een stuurprogramma van de kernel.|Haal de overlay uit config.txt en start opnieuw op.',
  i2cStuck:
    'De bus zit vast: geen chip is bereikbaar.|Zet de robot uit en aan. Blijft het zo, koppel dan de chips één voor één los.',
  i2cTrouble:
    '{chip}: {why}|Controleer de kabel; hebben andere chips hetzelfde, dan ligt het aan de bus.',
  i2cFirmware: 'De firmware heeft de bus en meldt geen fouten.',
  i2cFirmwareQuiet:
    'De firmware heeft de bus, en de agent zegt niet hoe het ermee gaat.|Start de agent, of stop de firmware en kijk opnieuw.',
  bodyFault: 'De firmware meldt: {fault}|Zie het logboek: journalctl -u deskmate-firmware -e',
  chipServos: 'Servodriver ({address})',
  chipLights: 'Leddriver ({address})',
  chipPanEncoder: 'Hoeksensor draaien ({address})',
  chipTiltEncoder: 'Hoeksensor kantelen ({address})',
  chipLeftEye: 'Linkeroog ({address})',
  chipRightEye: 'Rechteroog ({address})',
  gpioMissing:
    'De GPIO-chip {chip} is er niet.|Kijk welke er zijn: gpiodetect. Corrigeer dan gpio.chip van het board.',
  gpioUnseen:
    'Of de GPIO-chip {chip} er is, is niet te zien.|Probeer het nog eens met sudo, of installeer de hulpprogramma’s: sudo apt install gpiod',
  gpioDenied:
    '{user} mag {device} niet openen.|Probeer het nog eens met sudo, of: sudo adduser {user} {group}',
  gpioUnknown:
    'Wie de lijnen gebruikt is niet te zien.|Installeer de hulpprogramma’s: sudo apt install gpiod',
  gpioFree: 'Alle {count} lijnen zijn vrij.',
  gpioHeld: 'Alle {count} lijnen zijn in gebruik door de firmware.',
  gpioNotHeld:
    'Lijn {offset} ({line}) is niet in gebruik, hoewel de firmware draait.|Zie het logboek: journalctl -u deskmate-firmware -e',
  gpioTaken:
    'Lijn {offset} ({line}) is bezet door {consumer}.|Zoek wat hem gebruikt (een overlay, een ander programma) en zet dat uit.',
  gpioAbsent:
    'Lijn {offset} ({line}) bestaat niet op {chip}.|Corrigeer het nummer in het boardbestand.',
  cameraNone:
    'Er is geen camera gevonden.|Sluit een camera aan. Bij een lintkabel: controleer beide uiteinden, met de contacten naar de juiste kant, en start opnieuw op.',
  cameraAsleep: 'Uitgeschakeld zolang de robot slaapt; komt er een leerling, dan gaat hij aan.',
  cameraPowerUnknown:
    'Er is geen camera te zien; misschien staat hij uit, dat weten alleen firmware en agent.|Start die twee, en probeer het nog eens met sudo.',
  cameraMissing:
    'De camera {device} is er niet.|Sluit hem aan, of corrigeer camera.device van het board.',
  cameraDenied:
    '{user} mag de camera {device} niet openen.|Probeer het nog eens met sudo, of: sudo adduser {user} video',
  cameraBusy: 'De camera {device} is in gebruik door {holder}.|Sluit dat programma.',
  cameraStreams: 'De camera staat aan: er kijkt een leerling door.',
  cameraOk: '{name} ({device}): {mode}.',
  cameraSlow:
    '{name} ({device}) haalt geen 1280x720 met 30 beelden/s; het beste is {mode}.|Het werkt, minder scherp of minder vloeiend. Een betere camera helpt.',
  cameraModesUnknown:
    'Wat {device} kan is niet te zien; zonder dat wordt de camera niet gebruikt.|sudo apt install v4l-utils',
  cameraUnfit: '{why}|Gebruik een andere camera, of corrigeer de camera in het boardbestand.',
  cameraThere: 'Camera’s van libcamera: {count}.',
  cameraFault:
    'De agent meldt: {why}|Koppel de camera los en sluit hem weer aan. Blijft het zo: journalctl -u deskmate-media -e',
  elementsOk: 'GStreamer heeft wat nodig is ({count} elementen).',
  elementsMissing: 'GStreamer mist {elements}.|sudo apt install {packages}',
  gstreamerMissing: 'GStreamer is niet geïnstalleerd.|sudo apt install {packages}',
  soundNoCards:
    'Er is geen geluidskaart gevonden.|Sluit microfoon en luidspreker aan; dan: aplay -l',
  soundNoInput:
    'Er is geen microfoon gevonden.|Sluit er een aan en kies hem in de geluidsinstellingen.',
  soundNoOutput:
    'Er is geen luidspreker gevonden.|Sluit er een aan en kies hem in de geluidsinstellingen.',
  soundNoPipewire:
    'PipeWire draait niet voor {user}.|Meld je aan op het bureaublad, of: sudo apt install pipewire-pulse wireplumber',
  soundUnknown:
    'PipeWire draait; de apparaten zijn niet te zien.|Installeer de hulpprogramma’s: sudo apt install pulseaudio-utils',
  soundDenied:
    '{user} mag het geluid niet openen.|Probeer het nog eens met sudo, of: sudo adduser {user} audio',
  soundInputMissing:
    'De microfoon {name} is er niet; er is: {there}.|Sluit hem aan, of verbeter sound.input.',
  soundOutputMissing:
    'De luidspreker {name} is er niet; er is: {there}.|Sluit hem aan, of verbeter sound.output.',
  soundInputPlays:
    '{name} is geen microfoon: hij speelt alleen af; er is: {there}.|Verbeter sound.input.',
  soundOutputHears:
    '{name} is geen luidspreker: hij neemt alleen op; er is: {there}.|Verbeter sound.output.',
  soundDefaultInput:
    '‘{name}’ is de eerste geluidskaart, en die heeft geen microfoon; er is: {there}.|Kies er een van voor sound.input.',
  soundDefaultOutput:
    '‘{name}’ is de eerste geluidskaart, en die heeft geen luidspreker; er is: {there}.|Kies er een van voor sound.output.',
  soundOk: 'In: {input}. Uit: {output}.',
  soundFault:
    'De agent meldt: {why}|Koppel het apparaat los en sluit het weer aan. Blijft het zo: journalctl -u deskmate-media -e',
  networkNoRoute:
    'Er is geen netwerkverbinding.|Sluit een kabel aan, of maak verbinding met wifi: nmtui',
  networkLocal: 'Er is geen netwerkverbinding; de broker staat op deze computer.',
  networkRoute: 'Verbonden via {link}.',
  networkWifi: 'Wifi {name}: signaal {percent}%, {band}, {security}.',
  networkWifiWeak:
    'Wifi {name}: zwak signaal, {percent}% ({band}, {security}).|Zet de robot dichter bij een toegangspunt, weg van metaal en pilaren; of gebruik een kabel.',
  wifiHidden: '(verborgen naam)',
  wifiBand24: '2,4 GHz',
  wifiBand5: '5 GHz',
  wifiBand6: '6 GHz',
  wifiBandOther: 'band onbekend',
  wifiEnterprise: 'met inlognaam (802.1X)',
  wifiPersonal: 'zonder 802.1X',
  networkModem: 'Modem: {operator}, {technology}, signaal {percent}%, {state}.',
  networkModemWeak:
    'Modem: zwak signaal, {percent}% ({operator}, {technology}, {state}).|Zet de robot dichter bij een raam, en controleer de antenne van het modem.',
  networkModemOut:
    'Modem: {state}.|Controleer de simkaart: zit hij erin, zonder pincode, met een data-abonnement? Zie: mmcli -m any',
  networkModemSpare: 'Modem, niet in gebruik: {state}.',
  modemHome: 'aangemeld',
  modemRoaming: 'aangemeld bij een buitenlandse provider',
  modemSearching: 'zoekt een provider',
  modemDenied: 'geweigerd door de provider',
  modemIdle: 'niet aangemeld',
  modemUnknown: 'aanmelding onbekend',
  modemNameless: 'provider onbekend',
  modemTechnology: 'techniek onbekend',
  briefWifi: '{name}, signaal {percent}%',
  briefWifiOut: 'niet verbonden',
  briefModem: '{operator}, {technology}, signaal {percent}%, {state}',
  briefModemOut: '{state}',
  briefNone: 'geen',
  briefUnknown: 'onbekend',
  networkNoName:
    'De naam {host} is niet bekend.|Controleer de DNS-server van dit netwerk, en de spelling in agent.json.',
  networkClosed:
    'De broker {host}:{port} is niet bereikbaar: {why}|Vraag de netwerkbeheerder van de school om {host}:{port} door te laten.',
  networkNoTls:
    '{host}:{port} spreekt geen TLS: {why}|Iemand anders geeft antwoord (een aanmeldpagina?) of de poort klopt niet.',
  networkOpen: 'De broker {host}:{port} is bereikbaar.',
  networkSecure:
    'De broker {host}:{port} is bereikbaar; zijn certificaat is nog {days} dagen geldig.',
  networkExpiring:
    'Het certificaat van {host} verloopt over {days} dagen.|Meld het bij het centrale team.',
  networkExpired:
    'Het certificaat van {host} is verlopen op {date}.|Controleer de klok van deze robot; klopt die, meld het dan bij het centrale team.',
  networkEarly:
    'Het certificaat van {host} is pas geldig vanaf {date}.|De klok van deze robot loopt achter: zie Klok.',
  networkDistrust:
    'Het certificaat van {host}, van {issuer}, wordt niet vertrouwd ({why}).|Leest het netwerk mee? Vraag de beheerder om {host} niet te onderscheppen.',
  networkPortal:
    'In dit netwerk moet iemand zich eerst aanmelden (captive portal).|Meld je aan met een browser in dit netwerk, of gebruik een ander netwerk.',
  networkAgentOffline:
    'De agent is niet verbonden met de broker.|Zie het logboek: journalctl -u deskmate-agent -e',
  clockOk: '{time}, gesynchroniseerd.',
  clockWrong:
    'Volgens de robot is het {time}.|Verbind hem met een netwerk waar een tijdserver bereikbaar is, en kijk dan: timedatectl',
  clockUnsynced:
    '{time}, niet gesynchroniseerd.|Zonder de tijd geldt een uitnodiging tot de robot uitgaat: sudo timedatectl set-ntp true',
  clockUnknown:
    '{time}; of hij gesynchroniseerd is, is niet te zien.|Installeer tijdsynchronisatie: sudo apt install systemd-timesyncd',
  clockOff: 'Hij wijkt {seconds} s af.|Wacht een minuut; blijft het zo: sudo chronyc makestep',
  diskOk: '{free} vrij van {total} op {mount}.',
  diskLow:
    'Nog maar {free} vrij van {total} op {mount}.|Maak ruimte: sudo journalctl --vacuum-size=50M; sudo apt clean',
  diskFull:
    '{free} vrij van {total} op {mount}: er kan niets meer worden bewaard.|Maak nu ruimte: sudo journalctl --vacuum-size=50M; sudo apt clean',
  diskInodes:
    'Op {mount} passen bijna geen bestanden meer.|Zoek een map met heel veel kleine bestanden en maak hem leeg.',
  diskReadOnly:
    '{mount} kan alleen worden gelezen: er kan niets worden bewaard.|Start opnieuw op. Blijft het zo, dan is de geheugenkaart versleten: vervang hem.',
  diskUnknown: 'De gegevensmap {path} is niet te bekijken.|Probeer het nog eens met sudo.',
  permissionsOk: '{user} zit in {groups}.',
  permissionsNoUser:
    'De gebruiker {user} bestaat niet.|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  permissionsLacks:
    '{user} zit niet in de groep {group} en kan {device} niet openen.|sudo adduser {user} {group}',
  permissionsClosed:
    '{device} is voor geen enkele groep open: {user} kan het niet gebruiken.|sudo udevadm control --reload; sudo udevadm trigger',
  permissionsTooMuch:
    '{user} zit in de groep {group} en kan daardoor bij wat er niet voor bedoeld is.|sudo deluser {user} {group}',
  permissionsUser: 'Je bent {user}.',
  memoryOk: '{free} MB geheugen vrij.',
  memoryLow: 'Nog maar {free} MB geheugen vrij.|Kijk wat het gebruikt: top -o RES',
  heatOk: '{degrees} °C.',
  heatWarm: '{degrees} °C: warm.|Geef hem lucht; haal hem van de verwarming of uit de zon.',
  heatHot:
    '{degrees} °C: te heet, de computer wordt traag.|Zet hem uit, laat hem afkoelen, maak de ventilatiegaten schoon.',
  kernelTrouble: '{why}|Bekijk de meldingen van het stuurprogramma: sudo dmesg',
  heatMissing:
    'De thermometer {zone} is er niet; deze computer heeft: {there}.|Corrigeer kernel.thermalZone, of zet het op "auto".',
  batteryOk: 'Batterij: {percent}%.',
  batteryNoVolts:
    'Batterij: {percent}%; het stuurprogramma geeft geen spanning die kan kloppen.|Het percentage geldt dan. Zet kernel.batteryCells op null.',
  batteryMissing:
    'De batterij {battery} is er niet; deze computer heeft: {there}.|Corrigeer kernel.battery, of zet het op "auto".',
  batteryOut:
    'De batterij {battery} is eruit gehaald.|Plaats hem terug, of geef een andere op in kernel.battery.',
  powerLow:
    'De voeding is te zwak (onderspanning).|Gebruik de voeding die erbij hoort, met zijn eigen kabel.',
  powerWasLow:
    'De voeding was sinds de start een keer te zwak.|Gebruik de voeding die erbij hoort, met zijn eigen kabel.',
  throttled:
    'De computer draait op lagere snelheid.|Geef hem lucht, en de voeding die erbij hoort.',
  servicesOk: 'Firmware en agent draaien.',
  serviceFailed: '{service} is met een fout gestopt.|Kijk waarom: journalctl -u {service} -e',
  serviceStopped: '{service} draait niet.|sudo systemctl start {service}',
  serviceStarting: '{service} is net aan het starten.|Kijk zo nog eens.',
  serviceNotInstalled: '{service} is hier niet geïnstalleerd.',
  servicesUnknown: 'Diensten zijn niet te zien: hier is geen systemd.',
  agentSilent:
    'De agent is niet te bereiken.|Probeer het nog eens met sudo; anders: sudo systemctl restart deskmate-agent',
  agentAnswers: 'De agent geeft antwoord.',
  nodeOk: 'Node {version}.',
  nodeOld:
    'Node {version} is te oud; nodig is {wanted} of nieuwer.|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  addOnOk: '{name} wordt geladen.',
  addOnMissing:
    '{name} kan niet worden geladen: {why}|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  watchdogOk: '{device}: {name}, {state}.',
  watchdogMissing:
    '{device} is er niet: een vastgelopen robot blijft dan vastzitten.|Zet hem aan (Raspberry Pi: dtparam=watchdog=on; anders: sudo modprobe softdog).',
  watchdogTaken:
    '{device} is in gebruik door {holder}.|De firmware heeft hem nodig: haal RuntimeWatchdogSec uit /etc/systemd/system.conf',
  watchdogIdle:
    '{device} staat niet aan, hoewel de firmware draait.|Zie het logboek: journalctl -u deskmate-firmware -e',
};
