// The import rules of docs/architecture.md, checked in CI. Cycles of folders: .dependency-cruiser.folders.cjs.
const nowhere = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });
const ours = '^(agent|firmware|hal|sim|scripts)/';
const test = '\\.(test|contract|browser)\\.ts$|/testing/|^hal/contract/';
/** A room and all that it may import of ours besides itself. */
const alone = (name, room, may, comment) =>
  nowhere(name, { path: room, pathNot: test }, { path: ours, pathNot: [room, ...may] }, comment);
/** And besides what every process shares. */
const only = (name, room, may, comment) => alone(name, room, ['^hal/common/', ...may], comment);
/** The part of it that a browser can run. */
const browserSafe = '^hal/common/(?!text-file|unix-socket|line-splitter)';

module.exports = {
  forbidden: [
    nowhere('no-circular', {}, { circular: true }, 'cycles hide which part depends on which'),

    alone('common-stands-alone', '^hal/common/', ['^hal/ports/'], 'what all share knows nobody'),
    only('boards-and-ports-stand-alone', '^hal/(ports|boards)/', [], 'a port is an interface'),
    only('drivers-are-leaves', '^hal/', [], 'hardware code knows nobody above it'),

    alone('link-schema-stands-alone', '^firmware/link/schema\\.ts$', [], 'both processes read it'),
    only(
      'link-knows-only-ports',
      '^firmware/link/',
      ['^firmware/core/', '^hal/ports/'],
      'the boundary knows no body',
    ),
    only(
      'core-is-the-ground',
      '^firmware/core/',
      ['^hal/ports/'],
      'what every room needs knows no room',
    ),
    only(
      'safety-below-actuators',
      '^firmware/safety/',
      ['^firmware/(link|core)/', '^hal/(ports|boards)/'],
      'what decides safety hangs on nothing that moves, shines or switches',
    ),
    nowhere(
      'actuators-side-by-side',
      { path: '^firmware/(motion|lights|power)/', pathNot: test },
      { path: '^firmware/', pathNot: '^firmware/($1|safety|link|core)/' },
      'motion, lights and power meet in firmware.ts only',
    ),
    only(
      'firmware-stays-small',
      '^firmware/(?!compose\\.ts$|fault-runs/)',
      ['^firmware/', '^hal/(ports|boards)/'],
      'firmware knows only ports and boards',
    ),

    alone('wire-stands-alone', '^agent/wire/', [], 'browsers share agent/wire'),
    only(
      'pki-holds-no-files',
      '^agent/pki/',
      ['^agent/wire/'],
      'certificates by pure functions: the command, the fleet service and the robot share them',
    ),
    alone(
      'client-runs-in-a-browser',
      '^agent/client/',
      ['^agent/wire/', browserSafe],
      'the SDK has no server code',
    ),
    alone(
      'fleet-client-runs-in-a-browser',
      '^agent/fleet-client/',
      ['^agent/wire/', browserSafe],
      'the command and the fleet page share it',
    ),
    alone(
      'pages-run-in-a-browser',
      '^agent/pages/',
      ['^agent/(client|fleet-client|wire)/', '^hal/ports/', browserSafe],
      'pages meet the robot as any other client does',
    ),
    only('web-serves-anybody', '^agent/web/', ['^hal/ports/'], 'a web server that knows no robot'),
    only(
      'host-starts-processes',
      '^agent/host/',
      ['^agent/(web|wire|access)/', '^hal/(ports|linux/(network|storage|time))'],
      'it starts firmware and agent, and knows neither from inside',
    ),
    only(
      'agent-through-ports',
      '^agent/(?!compose\\.ts$|host/|media/|pages/|web/)',
      ['^agent/(?!host/|media/|pages/|web/)', '^firmware/link/', '^hal/(ports|boards)/'],
      'the agent meets firmware and media at their links, and loads no media',
    ),
    only(
      'media-holds-no-keys',
      '^agent/media/(?!(compose|media-main)\\.ts$)',
      ['^agent/(media-link|model|process|wire)/', '^firmware/link/', '^hal/(ports|boards)/'],
      'what networks of pupils send is parsed where there is nothing to steal',
    ),
    nowhere(
      'agent-loads-no-media',
      { path: '^agent/compose\\.ts$' },
      { path: '^agent/media/' },
      'camera, sound and the native library are in a process of their own',
    ),
    only(
      'media-compose-holds-no-keys',
      '^agent/media/(compose|media-main)\\.ts$',
      ['^agent/(media|media-link|model|process|wire)/', '^firmware/link/', '^hal/'],
      'it picks drivers, and has no way to records, keys or broker either',
    ),
    nowhere(
      'compose-picks-drivers',
      { path: '^(agent|agent/media|firmware)/compose\\.ts$' },
      { path: ours, pathNot: ['^(agent|firmware)/', '^hal/(common|ports|boards|linux)/'] },
      'the one file of a process that chooses drivers',
    ),

    nowhere(
      'product-never-imports-sim',
      { path: '^(agent|firmware|hal|scripts/(deskmate|fleet|station|deb))/', pathNot: test },
      { path: '^sim/' },
      'what ships runs without a simulator',
    ),
    only(
      'sim-builds-on-the-product',
      '^sim/',
      ['^(agent|firmware|hal)/'],
      'scripts use the simulator, never the other way',
    ),
    only(
      'deskmate-command-asks-from-outside',
      '^scripts/deskmate/',
      [
        '^scripts/(arguments|preflight)\\.mjs$',
        '^scripts/fleet/((service|built-pages)\\.ts$|reports/)',
        '^agent/(access|fleet-client|pki|timetable|wire|pages/shared)/',
        '^(agent|agent/media|firmware)/config\\.ts$',
        '^firmware/(compose\\.ts$|link/)',
        '^hal/(ports|boards|bus|linux)/',
      ],
      'it ships with the robot and asks the agent at its socket',
    ),
    only(
      'station-is-a-host',
      '^scripts/station/',
      ['^scripts/deskmate/', '^agent/(host|web|wire|access|pages)/', '^hal/(ports|boards|linux)/'],
      'it starts what ships on a computer of its own',
    ),
    only(
      'fleet-service-knows-the-wire',
      '^scripts/fleet/',
      [
        '^agent/(wire|fleet-client|pki|web)/',
        '^agent/broker/broker-stream\\.ts$',
        '^hal/(ports|linux/time)/',
        '^hal/fake/random\\.ts$',
      ],
      'a fleet meets robots by what they say',
    ),
    nowhere(
      'simulated-fleets-measure-only',
      { path: ours, pathNot: ['^sim/', '^scripts/(fleet-rig|bench)/', test] },
      { path: '^(sim/fleet|scripts/fleet-rig)/' },
      'simulated robots are for looking and measuring',
    ),
    only(
      'field-drives-from-outside',
      '^scripts/field/',
      [
        '^scripts/(arguments|build|preflight)\\.mjs$',
        '^hal/(ports|linux/(time|network))',
        '^agent/(access/admin-client\\.ts|host/|web/|pages/(pupil/words/|testing/chromium\\.ts))',
        '^sim/world/',
      ],
      'the rig starts shipped processes and looks at them from outside',
    ),
    nowhere(
      'nobody-needs-the-field',
      { path: ours, pathNot: '^scripts/field/' },
      { path: '^scripts/field/' },
      'the rig is a program of its own; who wants its figures runs it',
    ),
    nowhere(
      'programs-stand-alone',
      { path: '^scripts/([^/]+)/', pathNot: test },
      {
        path: '^scripts/[^/]+/',
        pathNot: ['^scripts/$1/', '^scripts/(deskmate|fleet|fleet-rig)/', '^scripts/(vm|bench)/'],
      },
      'a program of scripts/ uses another only where it measures or examines with it',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js'] },
  },
};
