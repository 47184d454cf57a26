// Who may import whom (docs/ARCHITECTURE.md says why). test/architecture proves of each rule that it fires.

/** In their order: a feature may import only from those before it. `access` and `clusters` stand side by side first. */
const order = [
  'access',
  'clusters',
  'environments',
  'policies',
  'health-rules',
  'applications',
  'releases',
  'delivery',
  'drift',
  'promotions',
];
const features = [...order, 'activity'];
const anyFeature = features.join('|');

/** What a feature shows to others. */
const doors = [
  'domain/.+',
  '[^/]+-(queries|commands|port)\\.ts',
  'graphql/[^/]+\\.(type|enums|decorator)\\.ts',
  'graphql/to-[^/]+-type\\.ts',
  '[^/]+\\.module\\.ts',
].join('|');

/** Platform words that are values and rules without any adapter: domain code may speak them. */
const pureWords = '^src/platform/(refusal|errors|duration)\\.ts$';
const tests = '\\.test\\.ts$';
const pure = '^src/[^/]+/domain/|^src/[^/]+/[^/]+/domain/|^health/src/';
/** The command, and the two that know a language of their users: CEL and YAML. */
const healthDoors = [
  '^health/src/command/',
  '^health/src/user-rules/(cel-expression|check-health-rules)\\.ts$',
];
const ports = '^src/[^/]+/[^/]+-port\\.ts$';

/** Files of a package, wherever it is installed. */
const packages = (...names) =>
  `(^|/)node_modules/(${names.map((name) => name.replace('/', '\\/')).join('|')})/`;
const ours = '^(src|agent|sim|demo|bench|protocol|health)/';

const oneOwner = (name, library, owners) => ({
  name: `only-its-owner-imports-${name}`,
  comment: `One place knows ${name}; the others go through its port.`,
  severity: 'error',
  from: { path: ours, pathNot: [tests, ...owners] },
  to: { path: library },
});

const leftOnly = order.slice(0, -1).map((feature, index) => ({
  name: `${feature}-imports-only-to-the-left`,
  comment: 'Features have an order; what one must ask of a later one it asks through a port of its own.',
  severity: 'error',
  from: { path: `^src/${feature}/` },
  to: {
    // access and clusters are both first, and clusters may know callers.
    path: `^src/(${order.slice(index + 1).join('|')})/`,
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'A cycle is two files that cannot be understood apart; in ES modules with decorators it also crashes.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { pathNot: 'generated/' } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that is no entry is dead.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          tests,
          '(^|/)generated/',
          '\\.d\\.(ts|mts)$',
          '^(src|agent/src|sim/src|demo|bench)/(main|worker|print-schema)\\.ts$',
          '^(protocol|health)/src/',
        ],
      },
      to: {},
    },
    {
      name: 'domain-is-pure',
      comment:
        'Rules do no I/O and know no framework: they import domain words, the protocol, and nothing else.',
      severity: 'error',
      from: { path: pure, pathNot: [tests, ...healthDoors] },
      to: { pathNot: [pure, '^protocol/src/', pureWords, ports] },
    },
    {
      name: 'agent-rules-are-pure',
      comment:
        "The agent's plan and its comparisons reach no Kubernetes, no hub, no package, however far one follows.",
      severity: 'error',
      from: { path: '^agent/src/(delivery/plan|drift/compare)[^/]*\\.ts$', pathNot: tests },
      to: { path: '^agent/src/(kube|hub)/|(^|/)node_modules/|^node:', reachable: true },
    },
    {
      name: 'features-meet-at-doors',
      comment:
        'Of another feature only its domain, queries, commands, ports, GraphQL types, decorators and module.',
      severity: 'error',
      from: { path: `^src/(${anyFeature})/` },
      to: {
        path: `^src/(${anyFeature})/`,
        pathNot: ['^src/$1/', `^src/(${anyFeature})/(${doors})$`, '^src/activity/activity-log\\.ts$'],
      },
    },
    ...leftOnly,
    {
      name: 'activity-imports-no-feature',
      comment:
        "Everyone writes activity, so it knows nobody; only its resolver says which role it needs, in access's word.",
      severity: 'error',
      from: { path: '^src/activity/' },
      to: { path: `^src/(${order.join('|')})/`, pathNot: '^src/access/graphql/[^/]+\\.decorator\\.ts$' },
    },
    {
      name: 'platform-is-blind',
      comment: 'Adapters have no business words.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: `^src/(${anyFeature})/` },
    },
    {
      name: 'protocol-imports-nothing',
      comment: 'What hub and agent agree on stands on nothing.',
      severity: 'error',
      from: { path: '^protocol/src/', pathNot: tests },
      to: { pathNot: ['^protocol/src/', '^node:crypto$', '^crypto$'] },
    },
    {
      name: 'programs-are-strangers',
      comment:
        "agent, sim, demo and bench know the hub by its API alone; nobody but the hub's own tests imports src/.",
      severity: 'error',
      from: { path: '^(agent|sim|demo|bench|web|cli|health|protocol)/' },
      to: { path: '^src/' },
    },
    {
      name: 'agent-and-sim-stand-alone',
      comment: 'They import protocol, health and their own; never each other, the tests, or the demo.',
      severity: 'error',
      from: { path: '^(agent|sim)/src/', pathNot: tests },
      to: { path: '^(agent|sim|demo|bench|test|scripts)/', pathNot: '^$1/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Except test/support, which the demo and the bench use to start control planes and processes.',
      severity: 'error',
      from: { path: ours, pathNot: tests },
      to: { path: ['^test/(?!support/)', '\\.test\\.ts$'] },
    },
    {
      name: 'hub-and-agent-do-not-import-test-support',
      comment: 'What ships must not lean on what only tests have.',
      severity: 'error',
      from: { path: '^(src|agent|sim|protocol|health)/', pathNot: tests },
      to: { path: '^test/' },
    },
    {
      name: 'only-stores-import-the-database',
      comment:
        "Prisma's client and SQL rows stay in prisma-*.ts and platform/database; the port's types are for all.",
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          tests,
          '^src/platform/database/',
          '^src/[^/]+/prisma-[^/]+\\.ts$',
          '^src/[^/]+/[^/]+/prisma-[^/]+\\.ts$',
        ],
      },
      to: { path: '^src/platform/database/generated/' },
    },
    oneOwner('prisma', packages('@prisma/[^/]+', '\\.prisma'), ['^src/platform/database/']),
    oneOwner('pg', packages('pg', '@types/pg', 'pg-[^/]+'), [
      '^src/platform/database/',
      '^src/platform/pubsub/postgres-',
      '^src/platform/queue/(queue-connections|listening-line)\\.ts$',
      '^bench/measure/',
    ]),
    oneOwner('bullmq', packages('bullmq'), ['^src/platform/queue/']),
    oneOwner('ioredis', packages('ioredis'), ['^src/platform/pubsub/redis-']),
    oneOwner('simple-git', packages('simple-git'), ['^src/platform/git/']),
    oneOwner('nestjs-graphql', packages('@nestjs/graphql'), [
      '^src/[^/]+/graphql/',
      '^src/platform/graphql/',
      '^src/(hub\\.module|start-hub|print-schema)\\.ts$',
    ]),
    oneOwner('graphql-ws', packages('graphql-ws', 'ws', '@types/ws'), [
      '^src/platform/graphql/',
      '^agent/src/hub/',
      '^(demo|bench)/',
    ]),
    oneOwner('cel', packages('@marcbachmann/cel-js'), ['^health/src/user-rules/cel-expression\\.ts$']),
    oneOwner('pino', packages('pino'), ['^src/platform/logging/']),
    oneOwner('client-node', packages('@kubernetes/client-node'), ['^agent/src/kube/']),
    {
      name: 'no-undeclared-packages',
      comment: 'What is imported is in package.json, or an upgrade elsewhere takes it away.',
      severity: 'error',
      from: { path: ours, pathNot: tests },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^(agent|sim|protocol|health)/dist/', 'test/architecture/fixtures/'] },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};
