import type { en } from './en.ts';

export const nl: { readonly [K in keyof typeof en]: string } = {
  board: 'Bord',
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
  watchdog: 'Waakhond',
  ok: 'goed',
  warning: 'let op',
  problem: 'probleem',
  allWell: 'Alles is in orde.',
  sumWarnings: 'Het werkt; bekijk de waarschuwingen ({warnings}).',
  sumProblems: 'Problemen: {problems}, waarschuwingen: {warnings}. Begin bovenaan.',
  tooLong:
    'Geen antwoord binnen {seconds} s.|Er hangt iets. Start de robot opnieuw; blijft het zo, meld het dan.',
  notOnBoard: 'Heeft dit bord niet.',
  boardOk: '{name}',
  boardUnknown:
    'Het bord is onbruikbaar: {why}|Verbeter het bordbestand, of noem een ander met --board.',
  boardNone:
    'Geen configuratie zegt welk bord dit is.|Installeer het pakket, of noem een bord: --board laptop',
  configOk: '{file}',
  configNone: 'Hier is niets geïnstalleerd.',
  configMissing:
    '{file} is er niet.|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  configDenied: '{file} mag je niet lezen.|Probeer het nog eens met sudo.',
  configWrong: '{why}|Verbeter deze regel van {file}.',
  calibrationOk: 'Gekalibreerd.',
  calibrationMissing: 'Niet gekalibreerd: het hoofd beweegt niet.|sudo deskmate calibrate',
  calibrationWrong: '{why}|sudo deskmate calibrate',
  i2cMissing:
    '{device} is er niet.|Zet I2C aan (Raspberry Pi: dtparam=i2c_arm=on in config.txt), laad de module i2c-dev, start opnieuw.',
  i2cDenied:
    '{user} mag {device} niet openen.|Probeer het nog eens met sudo, of: sudo adduser {user} {group}',
  i2cNoLibrary:
    'De I2C-bibliotheek start niet: {why}|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  i2cAnswers: '{chip} antwoordt.',
  i2cSilent: '{chip} antwoordt niet.|Controleer stekker en voeding, en of het adres {address} is.',
  i2cKernel:
    '{chip} is in handen van een stuurprogramma van de kernel.|Haal de overlay uit config.txt en start opnieuw.',
  i2cStuck:
    'De bus zit vast: geen chip is bereikbaar.|Zet de robot uit en aan. Blijft het zo, maak chips één voor één los.',
  i2cTrouble:
    '{chip}: {why}|Controleer de kabel; hebben andere chips hetzelfde, dan ligt het aan de bus.',
  i2cFirmware: 'De firmware draait en meldt er geen fouten van.',
  i2cFirmwareQuiet:
    'De firmware heeft de bus, en de agent vertelt niet hoe het ermee is.|Start de agent, of stop de firmware en kijk opnieuw.',
  bodyFault: 'De firmware meldt: {fault}|Zie het logboek: journalctl -u deskmate-firmware -e',
  chipServos: 'Servo-chip ({address})',
  chipLights: 'Lampjes-chip ({address})',
  chipPanEncoder: 'Hoeksensor draaien ({address})',
  chipTiltEncoder: 'Hoeksensor knikken ({address})',
  chipLeftEye: 'Linkeroog ({address})',
  chipRightEye: 'Rechteroog ({address})',
  gpioMissing:
    'De GPIO-chip {chip} is er niet.|Kijk welke er zijn: gpiodetect. Verbeter dan gpio.chip van het bord.',
  gpioUnseen:
    'Of de GPIO-chip {chip} er is, is niet te zien.|Probeer het nog eens met sudo, of installeer het gereedschap: sudo apt install gpiod',
  gpioDenied:
    '{user} mag {device} niet openen.|Probeer het nog eens met sudo, of: sudo adduser {user} {group}',
  gpioUnknown:
    'Van wie de lijnen zijn is niet te zien.|Installeer het gereedschap: sudo apt install gpiod',
  gpioFree: 'Alle {count} lijnen zijn vrij.',
  gpioHeld: 'Alle {count} lijnen zijn van de firmware.',
  gpioNotHeld:
    'Lijn {offset} ({line}) is niet in gebruik, hoewel de firmware draait.|Zie het logboek: journalctl -u deskmate-firmware -e',
  gpioTaken:
    'Lijn {offset} ({line}) is bezet door {consumer}.|Zoek wat hem gebruikt (een overlay, een ander programma) en zet dat uit.',
  gpioAbsent:
    'Lijn {offset} ({line}) bestaat niet op {chip}.|Verbeter het nummer in het bordbestand.',
  cameraNone:
    'Er is geen camera gevonden.|Sluit een camera aan. Bij een lintkabel: beide kanten, contacten goed om, dan opnieuw starten.',
  cameraAsleep: 'Uitgeschakeld zolang de robot slaapt; komt er een leerling, dan gaat hij aan.',
  cameraPowerUnknown:
    'Er is geen camera te zien; misschien staat hij uit, dat weten alleen firmware en agent.|Start die twee, en probeer het nog eens met sudo.',
  cameraMissing:
    'De camera {device} is er niet.|Sluit hem aan, of verbeter camera.device van het bord.',
  cameraDenied:
    '{user} mag de camera {device} niet openen.|Probeer het nog eens met sudo, of: sudo adduser {user} video',
  cameraBusy: 'De camera {device} is in gebruik door {holder}.|Sluit dat programma.',
  cameraStreams: 'De camera staat aan: er kijkt een leerling door.',
  cameraOk: '{name} ({device}): {mode}.',
  cameraSlow:
    '{name} ({device}) geeft geen 1280x720 met 30/s; het beste is {mode}.|Het werkt, minder scherp of minder vloeiend. Een betere camera helpt.',
  cameraModesUnknown:
    'Wat {device} kan is niet te zien; zonder dat wordt de camera niet gebruikt.|sudo apt install v4l-utils',
  cameraUnfit: '{why}|Gebruik een andere camera, of verbeter de camera in het bordbestand.',
  cameraThere: 'Camera’s van libcamera: {count}.',
  cameraFault:
    'De agent meldt: {why}|Haal de camera los en sluit hem weer aan. Blijft het zo: journalctl -u deskmate-agent -e',
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
    'PipeWire draait; de apparaten zijn niet te zien.|Installeer het gereedschap: sudo apt install pulseaudio-utils',
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
    'De agent meldt: {why}|Haal het los en sluit het weer aan. Blijft het zo: journalctl -u deskmate-agent -e',
  networkNoRoute:
    'Er is geen weg naar een netwerk.|Sluit een kabel aan, of verbind met wifi: nmtui',
  networkLocal: 'Er is geen weg naar een netwerk; de broker staat op deze computer.',
  networkRoute: 'Naar buiten via {link}.',
  networkWifi: 'Wifi {name}: signaal {percent} %, {band}, {security}.',
  networkWifiWeak:
    'Wifi {name}: zwak signaal, {percent} % ({band}, {security}).|Zet de robot dichter bij een toegangspunt, weg van metaal en pilaren; of gebruik een kabel.',
  wifiHidden: '(verborgen naam)',
  wifiBand24: '2,4 GHz',
  wifiBand5: '5 GHz',
  wifiBand6: '6 GHz',
  wifiBandOther: 'band onbekend',
  wifiEnterprise: 'met gebruiker (802.1X)',
  wifiPersonal: 'zonder 802.1X',
  networkModem: 'Modem: {operator}, {technology}, signaal {percent} %, {state}.',
  networkModemWeak:
    'Modem: zwak signaal, {percent} % ({operator}, {technology}, {state}).|Zet de robot dichter bij een raam, en controleer de antenne van het modem.',
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
  briefWifi: '{name}, signaal {percent} %',
  briefWifiOut: 'niet verbonden',
  briefModem: '{operator}, {technology}, signaal {percent} %, {state}',
  briefModemOut: '{state}',
  briefNone: 'geen',
  briefUnknown: 'onbekend',
  networkNoName:
    'De naam {host} is niet bekend.|Controleer de DNS-server van dit netwerk, en de spelling in agent.json.',
  networkClosed:
    'De broker {host}:{port} is niet bereikbaar: {why}|Vraag de netwerkbeheerder van de school {host}:{port} door te laten.',
  networkNoTls:
    '{host}:{port} spreekt geen TLS: {why}|Iemand anders geeft antwoord (een aanmeldpagina?) of de poort klopt niet.',
  networkOpen: 'De broker {host}:{port} is bereikbaar.',
  networkSecure:
    'De broker {host}:{port} is bereikbaar; zijn certificaat is nog {days} dagen geldig.',
  networkExpiring:
    'Het certificaat van {host} verloopt over {days} dagen.|Meld het aan het centrale team.',
  networkExpired:
    'Het certificaat van {host} is verlopen op {date}.|Controleer de klok van deze robot; klopt die, meld het dan aan het centrale team.',
  networkEarly:
    'Het certificaat van {host} begint op {date}.|De klok van deze robot loopt achter: zie Klok.',
  networkDistrust:
    'Het certificaat van {host}, van {issuer}, wordt niet vertrouwd ({why}).|Leest het netwerk mee? Vraag de beheerder {host} niet te onderscheppen.',
  networkPortal:
    'In dit netwerk moet iemand zich eerst aanmelden (captive portal).|Meld je aan met een browser in dit netwerk, of neem een ander netwerk.',
  networkAgentOffline:
    'De agent is niet verbonden met de broker.|Zie het logboek: journalctl -u deskmate-agent -e',
  clockOk: '{time}, gelijkgezet.',
  clockWrong:
    'Hij denkt dat het {time} is.|Verbind met een netwerk met een tijdserver, dan: timedatectl',
  clockUnsynced:
    '{time}, niet gelijkgezet.|Uitnodigingen hebben de tijd nodig: sudo timedatectl set-ntp true',
  clockUnknown:
    '{time}; of hij gelijkgezet is, is niet te zien.|Installeer een tijddienst: sudo apt install systemd-timesyncd',
  clockOff: 'Hij wijkt {seconds} s af.|Wacht een minuut; blijft het zo: sudo chronyc makestep',
  diskOk: '{free} vrij van {total} op {mount}.',
  diskLow:
    'Nog maar {free} vrij van {total} op {mount}.|Maak ruimte: sudo journalctl --vacuum-size=50M; sudo apt clean',
  diskFull:
    '{free} vrij van {total} op {mount}: er kan niets meer worden bewaard.|Maak nu ruimte: sudo journalctl --vacuum-size=50M; sudo apt clean',
  diskInodes:
    'Op {mount} passen bijna geen bestanden meer.|Zoek een map met heel veel kleine bestanden en maak hem leeg.',
  diskReadOnly:
    '{mount} kan alleen worden gelezen: er wordt niets onthouden.|Start opnieuw. Blijft het zo, dan is de geheugenkaart versleten: vervang hem.',
  diskUnknown: 'De gegevensmap {path} is niet te bekijken.|Probeer het nog eens met sudo.',
  permissionsOk: '{user} zit in {groups}.',
  permissionsNoUser:
    'De gebruiker {user} bestaat niet.|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  permissionsLacks:
    '{user} zit niet in de groep {group} en kan {device} niet openen.|sudo adduser {user} {group}',
  permissionsClosed:
    '{device} is voor geen enkele groep open: {user} kan het niet gebruiken.|sudo udevadm control --reload; sudo udevadm trigger',
  permissionsTooMuch:
    '{user} zit in de groep {group}: de agent mag niet bij het lijf kunnen.|sudo deluser {user} {group}',
  permissionsUser: 'Je bent {user}.',
  memoryOk: '{free} MB geheugen vrij.',
  memoryLow: 'Nog maar {free} MB geheugen vrij.|Kijk wie het gebruikt: top -o RES',
  heatOk: '{degrees} °C.',
  heatWarm: '{degrees} °C: warm.|Geef hem lucht; haal hem van de verwarming of uit de zon.',
  heatHot:
    '{degrees} °C: te heet, de computer wordt traag.|Zet hem uit, laat hem afkoelen, maak de luchtgaten schoon.',
  kernelTrouble: '{why}|Bekijk de meldingen van het stuurprogramma: sudo dmesg',
  heatMissing:
    'De thermometer {zone} is er niet; deze computer heeft: {there}.|Verbeter kernel.thermalZone, of zet het op "auto".',
  batteryOk: 'Batterij: {percent} %.',
  batteryNoVolts:
    'Batterij: {percent} %; het stuurprogramma geeft geen spanning die kan kloppen.|Het werkt op het percentage. Zet kernel.batteryCells op null.',
  batteryMissing:
    'De batterij {battery} is er niet; deze computer heeft: {there}.|Verbeter kernel.battery, of zet het op "auto".',
  batteryOut:
    'De batterij {battery} is eruit gehaald.|Plaats haar terug, of noem een andere in kernel.battery.',
  powerLow:
    'De voeding is te zwak (onderspanning).|Gebruik de voeding die erbij hoort, met zijn eigen kabel.',
  powerWasLow:
    'De voeding was sinds de start een keer te zwak.|Gebruik de voeding die erbij hoort, met zijn eigen kabel.',
  throttled: 'De computer houdt zichzelf in.|Geef hem lucht, en de voeding die erbij hoort.',
  servicesOk: 'Firmware en agent draaien.',
  serviceFailed: '{service} is mislukt.|Kijk waarom: journalctl -u {service} -e',
  serviceStopped: '{service} draait niet.|sudo systemctl start {service}',
  serviceStarting: '{service} is net aan het starten.|Kijk zo nog eens.',
  serviceNotInstalled: '{service} is hier niet geïnstalleerd.',
  servicesUnknown: 'Diensten zijn niet te zien: hier is geen systemd.',
  agentSilent:
    'De agent is niets te vragen.|Probeer het nog eens met sudo; anders: sudo systemctl restart deskmate-agent',
  agentAnswers: 'De agent geeft antwoord.',
  nodeOk: 'Node {version}.',
  nodeOld:
    'Node {version} is te oud; nodig is {wanted} of nieuwer.|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  addOnOk: '{name} start.',
  addOnMissing:
    '{name} start niet: {why}|Installeer het pakket opnieuw: sudo apt install --reinstall deskmate',
  watchdogOk: '{device}: {name}, {state}.',
  watchdogMissing:
    '{device} is er niet: een vastgelopen robot blijft dan vastzitten.|Zet hem aan (Raspberry Pi: dtparam=watchdog=on; anders: sudo modprobe softdog).',
  watchdogTaken:
    '{device} is van {holder}.|De firmware heeft hem nodig: haal RuntimeWatchdogSec uit /etc/systemd/system.conf',
  watchdogIdle:
    '{device} is niet scherp, hoewel de firmware draait.|Zie het logboek: journalctl -u deskmate-firmware -e',
};
