/** What the doctor says: the finding, a bar, what to do about it (nothing when it is well). */
export const en = {
  // Names of checks.
  board: 'Board',
  config: 'Configuration',
  i2c: 'I2C chips',
  gpio: 'GPIO lines',
  camera: 'Camera',
  sound: 'Sound',
  network: 'Network',
  clock: 'Clock',
  disk: 'Disk',
  permissions: 'Permissions',
  computer: 'Computer',
  services: 'Services',
  node: 'Node.js',
  watchdog: 'Watchdog',
  // Verdicts and sums.
  ok: 'ok',
  notExamined: 'not examined',
  warning: 'warning',
  problem: 'problem',
  allWell: 'All is well.',
  wellAsSeen: 'All that was examined is well.',
  sumWarnings: 'It works; look at the warnings ({warnings}).',
  sumProblems: 'Problems: {problems}, warnings: {warnings}. Begin at the top.',
  tooLong:
    'No answer within {seconds} s.|Something hangs. Restart the robot; if it stays, report it.',
  notOnBoard: 'Not on this board.',
  boardFirst: 'It is not known which board this is: see Board.',
  notSeen: 'This computer tells nothing of it.',
  // Board and configuration.
  boardOk: '{name}',
  boardUnknown:
    'The board cannot be used: {why}|Correct the board file, or name another with --board.',
  boardNone:
    'No configuration says which board this is.|Install the package, or name a board: --board laptop',
  configOk: '{file}',
  configNone: 'Nothing is installed here.',
  configMissing:
    '{file} is not there.|Reinstall the package: sudo apt install --reinstall deskmate',
  configDenied: '{file} may not be read by you.|Run it again with sudo.',
  configWrong: '{why}|Correct this line of {file}.',
  configStrange:
    '{file}: {why}|Correct it if it is misspelt; leave it if a newer version wrote it.',
  calibrationOk: 'Calibrated.',
  calibrationMissing: 'Not calibrated: the head does not move.|sudo deskmate calibrate',
  calibrationWrong: '{why}|sudo deskmate calibrate',
  // I2C.
  i2cMissing:
    '{device} is not there.|Switch I2C on (Raspberry Pi: dtparam=i2c_arm=on in config.txt), load the module i2c-dev, restart.',
  i2cDenied:
    '{device} may not be opened by {user}.|Run it again with sudo, or: sudo adduser {user} {group}',
  i2cNoLibrary:
    'The I2C library does not load: {why}|Reinstall the package: sudo apt install --reinstall deskmate',
  i2cAnswers: '{chip} answers.',
  i2cSilent: '{chip} does not answer.|Check its plug and power, and that its address is {address}.',
  i2cKernel:
    '{chip} is held by a driver of the kernel.|Remove its overlay from config.txt, restart.',
  i2cStuck:
    'The bus is stuck: no chip can be reached.|Switch the robot off and on. If it stays, unplug chips one by one.',
  i2cTrouble:
    '{chip}: {why}|Check its cable; if others have the same trouble, the bus is at fault.',
  i2cFirmware: 'Firmware has the bus and reports no fault.',
  i2cFirmwareQuiet:
    'Firmware has the bus and the agent does not tell how it is.|Start the agent, or stop firmware and look again.',
  bodyFault: 'Firmware reports: {fault}|See its log: journalctl -u deskmate-firmware -e',
  chipServos: 'Servo driver ({address})',
  chipLights: 'Light driver ({address})',
  chipPanEncoder: 'Pan encoder ({address})',
  chipTiltEncoder: 'Tilt encoder ({address})',
  chipLeftEye: 'Left eye ({address})',
  chipRightEye: 'Right eye ({address})',
  // GPIO.
  gpioMissing:
    'The GPIO chip {chip} is not there.|See which there are: gpiodetect. Then correct gpio.chip of the board.',
  gpioUnseen:
    'Whether the GPIO chip {chip} is there cannot be seen.|Run it again with sudo, or install the tools: sudo apt install gpiod',
  gpioDenied:
    '{device} may not be opened by {user}.|Run it again with sudo, or: sudo adduser {user} {group}',
  gpioUnknown: 'Who uses the lines cannot be seen.|Install the tools: sudo apt install gpiod',
  gpioFree: 'All {count} lines are free.',
  gpioHeld: 'All {count} lines are held by firmware.',
  gpioNotHeld:
    'Line {offset} ({line}) is not held, though firmware runs.|See its log: journalctl -u deskmate-firmware -e',
  gpioTaken:
    'Line {offset} ({line}) is taken by {consumer}.|Find what uses it (an overlay, another program) and switch that off.',
  gpioAbsent:
    'Line {offset} ({line}) does not exist on {chip}.|Correct the offset in the board file.',
  // Camera.
  cameraNone:
    'No camera was found.|Plug a camera in. For one on a ribbon cable: both ends, contacts facing right, then restart.',
  cameraAsleep: 'Switched off while the robot sleeps; a pupil’s visit switches it on.',
  cameraPowerUnknown:
    'No camera is seen; it may be switched off, which only firmware and agent know.|Start both, and run it again with sudo.',
  cameraMissing:
    'The camera {device} is not there.|Plug it in, or correct camera.device of the board.',
  cameraDenied:
    'The camera {device} may not be opened by {user}.|Run it again with sudo, or: sudo adduser {user} video',
  cameraBusy: 'The camera {device} is in use by {holder}.|Close that program.',
  cameraStreams: 'The camera is on: a pupil looks through it.',
  cameraOk: '{name} ({device}): {mode}.',
  cameraSlow:
    '{name} ({device}) gives no 1280x720 at 30/s; the best is {mode}.|It works, less sharp or less smooth. A better camera helps.',
  cameraModesUnknown:
    'What {device} can do cannot be seen; the camera is not used without.|sudo apt install v4l-utils',
  cameraUnfit: '{why}|Use another camera, or correct the camera of the board.',
  cameraThere: '{count} cameras of libcamera.',
  cameraFault:
    'The agent reports: {why}|Plug the camera out and in. If it stays: journalctl -u deskmate-media -e',
  elementsOk: 'GStreamer has what it takes ({count} elements).',
  elementsMissing: 'GStreamer lacks {elements}.|sudo apt install {packages}',
  gstreamerMissing: 'GStreamer is not installed.|sudo apt install {packages}',
  // Sound.
  soundNoCards: 'No sound card was found.|Plug in microphone and speaker; then: aplay -l',
  soundNoInput: 'No microphone was found.|Plug one in, and choose it in the sound settings.',
  soundNoOutput: 'No speaker was found.|Plug one in, and choose it in the sound settings.',
  soundNoPipewire:
    'PipeWire does not run for {user}.|Log in at the desktop, or: sudo apt install pipewire-pulse wireplumber',
  soundUnknown:
    'PipeWire runs; its devices cannot be seen.|Install the tools: sudo apt install pulseaudio-utils',
  soundDenied:
    'Sound devices may not be opened by {user}.|Run it again with sudo, or: sudo adduser {user} audio',
  soundInputMissing:
    'The microphone {name} is not there; there is: {there}.|Plug it in, or correct sound.input of the board.',
  soundOutputMissing:
    'The speaker {name} is not there; there is: {there}.|Plug it in, or correct sound.output of the board.',
  soundInputPlays:
    '{name} is no microphone: it only plays; there is: {there}.|Correct sound.input of the board.',
  soundOutputHears:
    '{name} is no speaker: it only records; there is: {there}.|Correct sound.output of the board.',
  soundDefaultInput:
    '“{name}” is the first sound card, which has no microphone; there is: {there}.|Set sound.input of the board to one that is there.',
  soundDefaultOutput:
    '“{name}” is the first sound card, which has no speaker; there is: {there}.|Set sound.output of the board to one that is there.',
  soundOk: 'In: {input}. Out: {output}.',
  soundFault:
    'The agent reports: {why}|Plug it out and in. If it stays: journalctl -u deskmate-media -e',
  // Network.
  networkNoRoute: 'There is no network connection.|Plug a cable in, or connect to Wi-Fi: nmtui',
  networkLocal: 'There is no network connection; the broker is on this computer.',
  networkRoute: 'Connected by {link}.',
  networkWifi: 'Wi-Fi {name}: signal {percent}%, {band}, {security}.',
  networkWifiWeak:
    'Wi-Fi {name}: weak signal, {percent}% ({band}, {security}).|Move the robot nearer to an access point, away from metal and pillars; or use a cable.',
  wifiHidden: '(hidden name)',
  wifiBand24: '2.4 GHz',
  wifiBand5: '5 GHz',
  wifiBand6: '6 GHz',
  wifiBandOther: 'band not known',
  wifiEnterprise: 'with a user name (802.1X)',
  wifiPersonal: 'without 802.1X',
  networkModem: 'Modem: {operator}, {technology}, signal {percent}%, {state}.',
  networkModemWeak:
    'Modem: weak signal, {percent}% ({operator}, {technology}, {state}).|Move the robot nearer to a window, and check the modem’s antenna.',
  networkModemOut:
    'Modem: {state}.|Check the SIM card: is it in, without a PIN, with a subscription for data? See: mmcli -m any',
  networkModemSpare: 'Modem, not in use: {state}.',
  modemHome: 'registered',
  modemRoaming: 'registered with a foreign operator',
  modemSearching: 'looking for an operator',
  modemDenied: 'refused by the operator',
  modemIdle: 'not registered',
  modemUnknown: 'registration not known',
  modemNameless: 'operator not known',
  modemTechnology: 'technology not known',
  briefWifi: '{name}, signal {percent}%',
  briefWifiOut: 'not connected',
  briefModem: '{operator}, {technology}, signal {percent}%, {state}',
  briefModemOut: '{state}',
  briefNone: 'none',
  briefUnknown: 'unknown',
  networkNoName:
    'The name {host} is not known.|Check the DNS server of this network, and the spelling in agent.json.',
  networkClosed:
    'The broker {host}:{port} is not reached: {why}|Ask the school’s network administrator to let {host}:{port} out.',
  networkNoTls:
    '{host}:{port} does not speak TLS: {why}|Somebody answers in its place (a sign-in page?) or the port is wrong.',
  networkOpen: 'The broker {host}:{port} is reached.',
  networkSecure: 'The broker {host}:{port} is reached; its certificate is good for {days} days.',
  networkExpiring: 'The certificate of {host} ends in {days} days.|Tell the central team.',
  networkExpired:
    'The certificate of {host} ended on {date}.|Check this robot’s clock; else tell the central team.',
  networkEarly:
    'The certificate of {host} begins on {date}.|This robot’s clock is behind: see Clock.',
  networkDistrust:
    'The certificate of {host}, by {issuer}, is not believed ({why}).|A network that reads along? Ask the administrator not to intercept {host}.',
  networkPortal:
    'This network wants somebody to sign in first (captive portal).|Sign in with a browser in this network, or use another network.',
  networkAgentOffline:
    'The agent is not connected to the broker.|See its log: journalctl -u deskmate-agent -e',
  // Clock.
  clockOk: '{time}, synchronised.',
  clockWrong:
    'It believes it is {time}.|Connect to a network with a time server, then: timedatectl',
  clockUnsynced:
    '{time}, not synchronised.|Without the time an invitation lasts until the robot is switched off: sudo timedatectl set-ntp true',
  clockUnknown:
    '{time}; whether it is synchronised cannot be seen.|Install a time service: sudo apt install systemd-timesyncd',
  clockOff: 'It is off by {seconds} s.|Wait a minute; if it stays: sudo chronyc makestep',
  // Disk.
  diskOk: '{free} free of {total} at {mount}.',
  diskLow:
    'Only {free} free of {total} at {mount}.|Make room: sudo journalctl --vacuum-size=50M; sudo apt clean',
  diskFull:
    '{free} free of {total} at {mount}: records cannot be kept.|Make room now: sudo journalctl --vacuum-size=50M; sudo apt clean',
  diskInodes:
    '{mount} can hold hardly any more files.|Find a folder with very many small files and empty it.',
  diskReadOnly:
    '{mount} is read-only: nothing can be remembered.|Restart. If it stays, the storage card is worn: replace it.',
  diskUnknown: 'The data folder {path} cannot be looked at.|Run it again with sudo.',
  // Permissions.
  permissionsOk: '{user} is in {groups}.',
  permissionsNoUser:
    'The user {user} does not exist.|Reinstall the package: sudo apt install --reinstall deskmate',
  permissionsLacks:
    '{user} is not in the group {group} and cannot open {device}.|sudo adduser {user} {group}',
  permissionsClosed:
    '{device} is open to no group: {user} cannot use it.|sudo udevadm control --reload; sudo udevadm trigger',
  permissionsTooMuch:
    '{user} is in the group {group}, which lets it reach what it must not.|sudo deluser {user} {group}',
  permissionsUser: 'You are {user}.',
  // Computer.
  memoryOk: '{free} MB of memory free.',
  memoryLow: 'Only {free} MB of memory free.|See what uses it: top -o RES',
  heatOk: '{degrees} °C.',
  heatWarm: '{degrees} °C: warm.|Give it air; take it off the radiator or out of the sun.',
  heatHot:
    '{degrees} °C: too hot, the computer slows down.|Switch it off, let it cool, clear its vents.',
  kernelTrouble: '{why}|See its driver’s messages: sudo dmesg',
  heatMissing:
    'The thermometer {zone} is not there; this computer has: {there}.|Correct kernel.thermalZone of the board, or set it to "auto".',
  batteryOk: 'Battery: {percent}%.',
  batteryNoVolts:
    'Battery: {percent}%; its driver gives no voltage that can be.|It works by its percentage. Set kernel.batteryCells of the board to null.',
  batteryMissing:
    'The battery {battery} is not there; this computer has: {there}.|Correct kernel.battery of the board, or set it to "auto".',
  batteryOut:
    'The battery {battery} is taken out.|Put it back, or name another in kernel.battery of the board.',
  powerLow:
    'The supply is too weak (under-voltage).|Use the supply that came with it, and its own cable.',
  powerWasLow:
    'The supply was too weak since the start.|Use the supply that came with it, and its own cable.',
  throttled: 'The computer slows itself down.|Give it air, and the supply that came with it.',
  // Services.
  servicesOk: 'Firmware and agent run.',
  serviceFailed: '{service} has failed.|See why: journalctl -u {service} -e',
  serviceStopped: '{service} does not run.|sudo systemctl start {service}',
  serviceStarting: '{service} is just starting.|Look again in a moment.',
  serviceNotInstalled: '{service} is not installed here.',
  servicesUnknown: 'Services cannot be seen: there is no systemd here.',
  agentSilent:
    'The agent cannot be reached.|Run it again with sudo; else: sudo systemctl restart deskmate-agent',
  agentAnswers: 'The agent answers.',
  // Node.
  nodeOk: 'Node {version}.',
  nodeOld:
    'Node {version} is too old, {wanted} or newer is needed.|Reinstall the package: sudo apt install --reinstall deskmate',
  addOnOk: '{name} loads.',
  addOnMissing:
    '{name} does not load: {why}|Reinstall the package: sudo apt install --reinstall deskmate',
  // Watchdog.
  watchdogOk: '{device}: {name}, {state}.',
  watchdogMissing:
    '{device} is not there: a frozen robot would stay frozen.|Switch it on (Raspberry Pi: dtparam=watchdog=on; else: sudo modprobe softdog).',
  watchdogTaken:
    '{device} is held by {holder}.|For firmware to have it: remove RuntimeWatchdogSec from /etc/systemd/system.conf',
  watchdogIdle:
    '{device} is not armed, though firmware runs.|See its log: journalctl -u deskmate-firmware -e',
} as const;
