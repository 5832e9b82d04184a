// Who may know whom in src/ (DESIGN.md section 3). Type-only imports count. scripts/check-imports.ts asserts that every
// file was seen: a checker that looked at nothing must fail.
const only = (name, from, ...to) => ({
  name,
  severity: 'error',
  from: { path: `^src/${from}` },
  to: { path: '^src/', pathNot: [`^src/${from.replace(/\/$/, '')}`, ...to.map((each) => `^src/${each}`)] },
});

const SHARED = ['lib/', 'protocol/', 'config/'];
const HTTP_SIDE = ['auth/', 'spreadsheet/', 'streams/', 'manager-client/', 'documents/'];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('lib knows nothing of src', 'lib/'),
    only('protocol knows lib', 'protocol/', 'lib/'),
    only('config knows protocol', 'config/', 'lib/', 'protocol/'),
    only('epics knows lib', 'epics/', 'lib/'),
    only('sim-ioc knows the codec, never the client', 'sim-ioc/', 'lib/', 'epics/ca/codec/'),
    only('documents are append and read', 'documents/', 'lib/', 'protocol/'),
    only('auth is alone', 'auth/', ...SHARED),
    only('streams are alone', 'streams/', 'lib/', 'protocol/'),
    only('manager-client is alone', 'manager-client/', ...SHARED),
    only('spreadsheet is alone', 'spreadsheet/', ...SHARED),
    only('supervisor knows lib', 'supervisor/', 'lib/'),
    only('routes use auth, streams, manager-client', 'routes/', ...SHARED, ...HTTP_SIDE, 'gateway/parts'),
    only('gateway assembles the HTTP side', 'gateway/', ...SHARED, ...HTTP_SIDE, 'routes/'),
    only('manager never imports the worker nor the HTTP side', 'manager/', ...SHARED),
    only('worker never imports the manager nor the HTTP side', 'worker/', ...SHARED, 'epics/', 'documents/'),
    only(
      'plans yield messages',
      'worker/plans/',
      'lib/',
      'protocol/',
      'worker/run-engine/messages',
      'worker/devices/protocols',
      'worker/startup/(define-plan|parameters|python-repr)',
    ),
    only(
      'the RunEngine knows devices by their protocols',
      'worker/run-engine/',
      'lib/',
      'protocol/',
      'worker/devices/(protocols|status)',
    ),
    only('devices know no plan and no engine', 'worker/devices/', 'lib/', 'protocol/', 'epics/'),
    {
      name: 'only devices/epics speak Channel Access in the worker',
      severity: 'error',
      from: {
        path: '^src/worker/',
        pathNot: '^src/worker/(devices/(epics|signal)|motion-journal|startup/api|environment|worker)',
      },
      to: { path: '^src/epics/' },
    },
    {
      name: 'no-test-code-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts)/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['beamgate-source', 'import', 'node', 'default'],
    },
  },
};
