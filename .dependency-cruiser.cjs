// The import rules of docs/architecture.md, checked in CI.
const nowhere = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });
const ours = '^(agent|firmware|hal|sim|scripts)/';
const test = '\\.(test|contract)\\.ts$|/testing/';

module.exports = {
  forbidden: [
    nowhere('no-circular', {}, { circular: true }, 'cycles hide which part depends on which'),
    nowhere(
      'link-imports-nothing',
      { path: '^firmware/link/schema', pathNot: test },
      { path: ours },
      'the boundary schema stands alone',
    ),
    nowhere(
      'wire-imports-nothing',
      { path: '^agent/wire/', pathNot: test },
      { path: ours, pathNot: '^agent/wire/' },
      'the browser shares agent/wire',
    ),
    nowhere(
      'firmware-stays-small',
      { path: '^firmware/', pathNot: [test, 'compose\\.ts$'] },
      { path: ours, pathNot: ['^firmware/', '^hal/(ports|boards)/'] },
      'firmware knows only ports and boards',
    ),
    nowhere(
      'agent-through-ports',
      { path: '^agent/', pathNot: [test, 'compose\\.ts$'] },
      { path: ours, pathNot: ['^agent/', '^firmware/link/', '^hal/(ports|boards)/'] },
      'the agent meets firmware at the link and hardware at ports',
    ),
    nowhere(
      'client-runs-in-a-browser',
      { path: '^agent/client/', pathNot: test },
      { path: ours, pathNot: '^agent/(client|wire)/' },
      'the SDK brings no server code',
    ),
    nowhere(
      'drivers-are-leaves',
      { path: '^hal/', pathNot: test },
      { path: ours, pathNot: '^hal/' },
      'hardware code knows nobody above it',
    ),
    nowhere(
      'ports-import-ports',
      { path: '^hal/ports/', pathNot: test },
      { path: ours, pathNot: '^hal/(ports|boards)/' },
      'a port is an interface',
    ),
    nowhere(
      'only-compose-picks-simulators',
      { path: '^(agent|firmware|hal)/', pathNot: [test, 'compose(\\.sim)?\\.ts$'] },
      { path: '^sim/' },
      'nothing but tests and compose imports sim',
    ),
    nowhere(
      'only-compose-picks-drivers',
      { path: '^(agent|firmware)/', pathNot: [test, 'compose(\\.sim)?\\.ts$'] },
      { path: '^hal/(linux|absent|bus|fake)/' },
      'only a compose chooses drivers',
    ),
    nowhere(
      'field-drives-from-outside',
      { path: '^scripts/field/', pathNot: test },
      {
        path: ours,
        pathNot: [
          '^scripts/(field/|arguments\\.mjs|build\\.mjs|preflight\\.mjs)',
          '^hal/(ports|linux/(system-clock|socket-answers))',
          '^agent/(access/admin-client|launch)\\.ts$',
          '^sim/(launcher|world|console/(server|pupil/words))/',
        ],
      },
      'the rig starts shipped processes and looks at them from outside',
    ),
    nowhere(
      'nobody-needs-the-field',
      { path: ours, pathNot: '^scripts/field/' },
      { path: '^scripts/field/' },
      'the rig is a program of its own; who wants its figures runs it',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js'] },
  },
};
