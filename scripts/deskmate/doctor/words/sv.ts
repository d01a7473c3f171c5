import type { en } from './en.ts';

export const sv: { readonly [K in keyof typeof en]: string } = {
  board: 'Kretskort',
  config: 'Konfiguration',
  i2c: 'I2C-kretsar',
  gpio: 'GPIO-linjer',
  camera: 'Kamera',
  sound: 'Ljud',
  network: 'Nätverk',
  clock: 'Klocka',
  disk: 'Lagring',
  permissions: 'Rättigheter',
  computer: 'Dator',
  services: 'Tjänster',
  node: 'Node.js',
  watchdog: 'Watchdog',
  ok: 'bra',
  notExamined: 'inte undersökt',
  warning: 'varning',
  problem: 'problem',
  allWell: 'Allt är bra.',
  wellAsSeen: 'Allt som undersökts är bra.',
  sumWarnings: 'Det fungerar; titta på varningarna ({warnings}).',
  sumProblems: 'Problem: {problems}, varningar: {warnings}. Börja uppifrån.',
  tooLong:
    'Inget svar inom {seconds} s.|Något har hängt sig. Starta om roboten; om felet kvarstår, rapportera det.',
  notOnBoard: 'Finns inte på det här kortet.',
  boardFirst: 'Det är inte känt vilket kort det här är: se Kretskort.',
  notSeen: 'Datorn säger inget om det.',
  boardOk: '{name}',
  boardUnknown:
    'Kortet går inte att använda: {why}|Rätta kortfilen, eller ange en annan med --board.',
  boardNone:
    'Ingen konfiguration säger vilket kort det här är.|Installera paketet, eller ange ett kort: --board laptop',
  configOk: '{file}',
  configNone: 'Inget är installerat här.',
  configMissing: '{file} finns inte.|Installera om paketet: sudo apt install --reinstall deskmate',
  configDenied: '{file} får du inte läsa.|Försök igen med sudo.',
  configWrong: '{why}|Rätta den här raden i {file}.',
  configStrange:
    '{file}: {why}|Rätta det om det är felstavat; låt det stå om en nyare version har skrivit det.',
  calibrationOk: 'Kalibrerad.',
  calibrationMissing: 'Inte kalibrerad: huvudet rör sig inte.|sudo deskmate calibrate',
  calibrationWrong: '{why}|sudo deskmate calibrate',
  i2cMissing:
    '{device} finns inte.|Slå på I2C (Raspberry Pi: dtparam=i2c_arm=on i config.txt), ladda modulen i2c-dev, starta om.',
  i2cDenied:
    '{user} får inte öppna {device}.|Försök igen med sudo, eller: sudo adduser {user} {group}',
  i2cNoLibrary:
    'I2C-biblioteket går inte att ladda: {why}|Installera om paketet: sudo apt install --reinstall deskmate',
  i2cAnswers: '{chip} svarar.',
  i2cSilent: '{chip} svarar inte.|Kontrollera kontakt och ström, och att adressen är {address}.',
  i2cKernel:
    '{chip} används av en drivrutin i kärnan.|Ta bort dess overlay ur config.txt och starta om.',
  i2cStuck:
    'Bussen har fastnat: ingen krets går att nå.|Stäng av och slå på roboten. Om felet kvarstår, koppla loss kretsarna en i taget.',
  i2cTrouble: '{chip}: {why}|Kontrollera kabeln; har andra kretsar samma fel är det bussen.',
  i2cFirmware: 'Firmwaren har bussen och rapporterar inga fel.',
  i2cFirmwareQuiet:
    'Firmwaren har bussen, och agenten berättar inte hur det är med den.|Starta agenten, eller stoppa firmwaren och titta igen.',
  bodyFault: 'Firmwaren rapporterar: {fault}|Se loggen: journalctl -u deskmate-firmware -e',
  chipServos: 'Servodrivkrets ({address})',
  chipLights: 'LED-drivkrets ({address})',
  chipPanEncoder: 'Vinkelgivare, vridning ({address})',
  chipTiltEncoder: 'Vinkelgivare, lutning ({address})',
  chipLeftEye: 'Vänster öga ({address})',
  chipRightEye: 'Höger öga ({address})',
  gpioMissing:
    'GPIO-kretsen {chip} finns inte.|Se vilka som finns: gpiodetect. Rätta sedan gpio.chip för kortet.',
  gpioUnseen:
    'Det går inte att se om GPIO-kretsen {chip} finns.|Försök igen med sudo, eller installera verktygen: sudo apt install gpiod',
  gpioDenied:
    '{user} får inte öppna {device}.|Försök igen med sudo, eller: sudo adduser {user} {group}',
  gpioUnknown:
    'Det går inte att se vem som använder linjerna.|Installera verktygen: sudo apt install gpiod',
  gpioFree: 'Alla {count} linjer är lediga.',
  gpioHeld: 'Alla {count} linjer används av firmwaren.',
  gpioNotHeld:
    'Linje {offset} ({line}) används inte, trots att firmwaren körs.|Se loggen: journalctl -u deskmate-firmware -e',
  gpioTaken:
    'Linje {offset} ({line}) är upptagen av {consumer}.|Ta reda på vad som använder den (en overlay, ett annat program) och stäng av det.',
  gpioAbsent: 'Linje {offset} ({line}) finns inte på {chip}.|Rätta numret i kortfilen.',
  cameraNone:
    'Ingen kamera hittades.|Anslut en kamera. Har den bandkabel: båda ändarna, kontakterna åt rätt håll, starta sedan om.',
  cameraAsleep: 'Avstängd medan roboten sover; den slås på när en elev kommer.',
  cameraPowerUnknown:
    'Ingen kamera syns; den kan vara avstängd, det vet bara firmwaren och agenten.|Starta båda, och försök igen med sudo.',
  cameraMissing: 'Kameran {device} finns inte.|Anslut den, eller rätta camera.device för kortet.',
  cameraDenied:
    '{user} får inte öppna kameran {device}.|Försök igen med sudo, eller: sudo adduser {user} video',
  cameraBusy: 'Kameran {device} används av {holder}.|Stäng det programmet.',
  cameraStreams: 'Kameran är på: en elev ser genom den.',
  cameraOk: '{name} ({device}): {mode}.',
  cameraSlow:
    '{name} ({device}) klarar inte 1280x720 med 30 bilder/s; det bästa är {mode}.|Det fungerar, men mindre skarpt eller mindre jämnt. En bättre kamera hjälper.',
  cameraModesUnknown:
    'Vad {device} kan går inte att se; utan det används inte kameran.|sudo apt install v4l-utils',
  cameraUnfit: '{why}|Använd en annan kamera, eller rätta kameran i kortfilen.',
  cameraThere: 'Kameror via libcamera: {count}.',
  cameraFault:
    'Agenten rapporterar: {why}|Dra ur kameran och anslut den igen. Om felet kvarstår: journalctl -u deskmate-media -e',
  elementsOk: 'GStreamer har det som behövs ({count} element).',
  elementsMissing: 'GStreamer saknar {elements}.|sudo apt install {packages}',
  gstreamerMissing: 'GStreamer är inte installerat.|sudo apt install {packages}',
  soundNoCards: 'Inget ljudkort hittades.|Anslut mikrofon och högtalare; sedan: aplay -l',
  soundNoInput: 'Ingen mikrofon hittades.|Anslut en och välj den i ljudinställningarna.',
  soundNoOutput: 'Ingen högtalare hittades.|Anslut en och välj den i ljudinställningarna.',
  soundNoPipewire:
    'PipeWire körs inte för {user}.|Logga in på skrivbordet, eller: sudo apt install pipewire-pulse wireplumber',
  soundUnknown:
    'PipeWire körs; dess enheter går inte att se.|Installera verktygen: sudo apt install pulseaudio-utils',
  soundDenied:
    '{user} får inte öppna ljudenheterna.|Försök igen med sudo, eller: sudo adduser {user} audio',
  soundInputMissing:
    'Mikrofonen {name} finns inte; här finns: {there}.|Anslut den, eller rätta sound.input.',
  soundOutputMissing:
    'Högtalaren {name} finns inte; här finns: {there}.|Anslut den, eller rätta sound.output.',
  soundInputPlays:
    '{name} är ingen mikrofon: den kan bara spela upp; här finns: {there}.|Rätta sound.input.',
  soundOutputHears:
    '{name} är ingen högtalare: den kan bara spela in; här finns: {there}.|Rätta sound.output.',
  soundDefaultInput:
    '”{name}” är det första ljudkortet, och det har ingen mikrofon; här finns: {there}.|Välj ett av dem i sound.input.',
  soundDefaultOutput:
    '”{name}” är det första ljudkortet, och det har ingen högtalare; här finns: {there}.|Välj ett av dem i sound.output.',
  soundOk: 'In: {input}. Ut: {output}.',
  soundFault:
    'Agenten rapporterar: {why}|Dra ur och anslut igen. Om felet kvarstår: journalctl -u deskmate-media -e',
  networkNoRoute:
    'Det finns ingen nätverksanslutning.|Anslut en kabel, eller anslut till wifi: nmtui',
  networkLocal: 'Det finns ingen nätverksanslutning; meddelandeservern är på den här datorn.',
  networkRoute: 'Ansluten via {link}.',
  networkWifi: 'Wifi {name}: signal {percent} %, {band}, {security}.',
  networkWifiWeak:
    'Wifi {name}: svag signal, {percent} % ({band}, {security}).|Ställ roboten närmare en accesspunkt, bort från metall och pelare; eller använd en kabel.',
  wifiHidden: '(dolt namn)',
  wifiBand24: '2,4 GHz',
  wifiBand5: '5 GHz',
  wifiBand6: '6 GHz',
  wifiBandOther: 'okänt band',
  wifiEnterprise: 'med inloggning (802.1X)',
  wifiPersonal: 'utan 802.1X',
  networkModem: 'Modem: {operator}, {technology}, signal {percent} %, {state}.',
  networkModemWeak:
    'Modem: svag signal, {percent} % ({operator}, {technology}, {state}).|Ställ roboten närmare ett fönster, och kontrollera modemets antenn.',
  networkModemOut:
    'Modem: {state}.|Kontrollera SIM-kortet: sitter det i, utan PIN-kod, med abonnemang för data? Se: mmcli -m any',
  networkModemSpare: 'Modem, används inte: {state}.',
  modemHome: 'registrerat',
  modemRoaming: 'registrerat hos en utländsk operatör',
  modemSearching: 'söker en operatör',
  modemDenied: 'nekat av operatören',
  modemIdle: 'inte registrerat',
  modemUnknown: 'okänd registrering',
  modemNameless: 'okänd operatör',
  modemTechnology: 'okänd teknik',
  briefWifi: '{name}, signal {percent} %',
  briefWifiOut: 'inte ansluten',
  briefModem: '{operator}, {technology}, signal {percent} %, {state}',
  briefModemOut: '{state}',
  briefNone: 'inget',
  briefUnknown: 'okänt',
  networkNoName:
    'Namnet {host} är inte känt.|Kontrollera nätets DNS-server, och stavningen i agent.json.',
  networkClosed:
    'Meddelandeservern {host}:{port} nås inte: {why}|Be skolans nätverksansvariga att tillåta utgående trafik till {host}:{port}.',
  networkNoTls:
    '{host}:{port} använder inte TLS: {why}|Någon annan svarar (en inloggningssida?) eller så är porten fel.',
  networkOpen: 'Meddelandeservern {host}:{port} nås.',
  networkSecure: 'Meddelandeservern {host}:{port} nås; dess certifikat gäller i {days} dagar.',
  networkExpiring: 'Certifikatet för {host} går ut om {days} dagar.|Säg till det centrala teamet.',
  networkExpired:
    'Certifikatet för {host} gick ut {date}.|Kontrollera robotens klocka; stämmer den, säg till det centrala teamet.',
  networkEarly:
    'Certifikatet för {host} börjar gälla {date}.|Robotens klocka går efter: se Klocka.',
  networkDistrust:
    'Certifikatet för {host}, från {issuer}, är inte betrott ({why}).|Avlyssnar nätverket trafiken? Be nätverksansvariga att undanta {host}.',
  networkPortal:
    'I det här nätverket måste någon logga in först (captive portal).|Logga in med en webbläsare i nätverket, eller använd ett annat.',
  networkAgentOffline:
    'Agenten är inte ansluten till meddelandeservern.|Se loggen: journalctl -u deskmate-agent -e',
  clockOk: '{time}, synkroniserad.',
  clockWrong:
    'Enligt roboten är klockan {time}.|Anslut till ett nätverk med tidsserver, sedan: timedatectl',
  clockUnsynced:
    '{time}, inte synkroniserad.|Utan tiden gäller en inbjudan bara tills roboten stängs av: sudo timedatectl set-ntp true',
  clockUnknown:
    '{time}; om den är synkroniserad går inte att se.|Installera en tidstjänst: sudo apt install systemd-timesyncd',
  clockOff: 'Den går {seconds} s fel.|Vänta en minut; om felet kvarstår: sudo chronyc makestep',
  diskOk: '{free} ledigt av {total} på {mount}.',
  diskLow:
    'Bara {free} ledigt av {total} på {mount}.|Gör plats: sudo journalctl --vacuum-size=50M; sudo apt clean',
  diskFull:
    '{free} ledigt av {total} på {mount}: inget mer kan sparas.|Gör plats nu: sudo journalctl --vacuum-size=50M; sudo apt clean',
  diskInodes:
    '{mount} rymmer nästan inga fler filer.|Hitta en mapp med väldigt många små filer och töm den.',
  diskReadOnly:
    '{mount} kan bara läsas: inget kan sparas.|Starta om. Om felet kvarstår är minneskortet slitet: byt det.',
  diskUnknown: 'Datamappen {path} går inte att titta på.|Försök igen med sudo.',
  permissionsOk: '{user} är med i {groups}.',
  permissionsNoUser:
    'Användaren {user} finns inte.|Installera om paketet: sudo apt install --reinstall deskmate',
  permissionsLacks:
    '{user} är inte med i gruppen {group} och kan inte öppna {device}.|sudo adduser {user} {group}',
  permissionsClosed:
    '{device} är inte öppen för någon grupp: {user} kan inte använda den.|sudo udevadm control --reload; sudo udevadm trigger',
  permissionsTooMuch:
    '{user} är med i gruppen {group} och kommer därmed åt det den inte får.|sudo deluser {user} {group}',
  permissionsUser: 'Du är {user}.',
  memoryOk: '{free} MB minne ledigt.',
  memoryLow: 'Bara {free} MB minne ledigt.|Se vad som använder det: top -o RES',
  heatOk: '{degrees} °C.',
  heatWarm: '{degrees} °C: varmt.|Ge den luft; flytta den från elementet eller solen.',
  heatHot:
    '{degrees} °C: för varmt, datorn blir långsam.|Stäng av den, låt den svalna, rengör lufthålen.',
  kernelTrouble: '{why}|Se drivrutinens meddelanden: sudo dmesg',
  heatMissing:
    'Termometern {zone} finns inte; den här datorn har: {there}.|Rätta kernel.thermalZone, eller sätt den till "auto".',
  batteryOk: 'Batteri: {percent} %.',
  batteryNoVolts:
    'Batteri: {percent} %; drivrutinen ger ingen spänning som kan stämma.|Det fungerar med procenttalet. Sätt kernel.batteryCells till null.',
  batteryMissing:
    'Batteriet {battery} finns inte; den här datorn har: {there}.|Rätta kernel.battery, eller sätt den till "auto".',
  batteryOut:
    'Batteriet {battery} är uttaget.|Sätt tillbaka det, eller ange ett annat i kernel.battery.',
  powerLow:
    'Strömförsörjningen är för svag (underspänning).|Använd nätaggregatet som hör till, med dess egen kabel.',
  powerWasLow:
    'Strömförsörjningen har varit för svag sedan starten.|Använd nätaggregatet som hör till, med dess egen kabel.',
  throttled: 'Datorn går på lägre hastighet.|Ge den luft, och nätaggregatet som hör till.',
  servicesOk: 'Firmware och agent körs.',
  serviceFailed: '{service} har stannat med ett fel.|Se varför: journalctl -u {service} -e',
  serviceStopped: '{service} körs inte.|sudo systemctl start {service}',
  serviceStarting: '{service} håller på att starta.|Titta igen om en stund.',
  serviceNotInstalled: '{service} är inte installerad här.',
  servicesUnknown: 'Tjänsterna går inte att se: här finns ingen systemd.',
  agentSilent:
    'Agenten går inte att nå.|Försök igen med sudo; annars: sudo systemctl restart deskmate-agent',
  agentAnswers: 'Agenten svarar.',
  nodeOk: 'Node {version}.',
  nodeOld:
    'Node {version} är för gammal; {wanted} eller nyare behövs.|Installera om paketet: sudo apt install --reinstall deskmate',
  addOnOk: '{name} laddas.',
  addOnMissing:
    '{name} går inte att ladda: {why}|Installera om paketet: sudo apt install --reinstall deskmate',
  watchdogOk: '{device}: {name}, {state}.',
  watchdogMissing:
    '{device} finns inte: en robot som hängt sig förblir så.|Slå på den (Raspberry Pi: dtparam=watchdog=on; annars: sudo modprobe softdog).',
  watchdogTaken:
    '{device} används av {holder}.|Firmwaren behöver den: ta bort RuntimeWatchdogSec ur /etc/systemd/system.conf',
  watchdogIdle:
    '{device} är inte påslagen, trots att firmwaren körs.|Se loggen: journalctl -u deskmate-firmware -e',
};
