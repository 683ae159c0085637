// The linter holds the layers apart: who may import what, and the words that only common/base and the entry points may use.
import tseslint from 'typescript-eslint';

/** Folder → what of the project it may import besides its own folder. */
const layers = {
  'common/src/base': [],
  'common/src/api': ['#common/base'],
  'common/src/schema': ['#common/base', '#common/api'],
  'common/src/cel': ['#common/base', '#common/api'],
  'common/src/kinds': ['#common/base', '#common/api', '#common/schema', '#common/cel'],
  'common/src/manifests': ['#common/base', '#common/api'],
  'common/src/images': [],
  'common/src/protocol': ['#common/base', '#common/api'],
};
const commonLayers = ['base', 'api', 'schema', 'cel', 'kinds', 'manifests', 'images', 'protocol'];

/** The API's client runs wherever there is a Node; it knows nothing of who uses it. */
const apiClientRefuses = [
  '#runtime/*',
  '#dashboard/*',
  '**/cluster-runtime/**',
  '**/media/**',
  '**/server/**',
  '../../client/**',
  'vscode',
];

/** The cluster's live picture, for whoever shows it: the extension and the command. */
const dashboardRefuses = ['#runtime/*', '**/cluster-runtime/**', '**/media/**', '**/server/**', '../../client/**', 'vscode'];

/** Components of the cluster reach the state only through client/; none imports another. */
const runtimeParts = {
  store: [],
  client: ['store', 'apiserver/registry'],
  controller: ['client'],
  controllers: ['client', 'controller'],
  scheduler: ['client', 'controller'],
  network: ['client'],
  containers: ['network'],
  kubelet: ['client', 'controller', 'containers', 'network'],
  apiserver: ['client', 'store', 'containers'],
};
const runtimeFolders = [
  'store',
  'client',
  'controller',
  'controllers',
  'scheduler',
  'network',
  'containers',
  'kubelet',
  'apiserver',
  'addons',
  'playground',
  'cli',
];

/** The extension and its page: both know only `common`. Nobody but the extension knows the editor. */
const editorParts = {
  client: ['#runtime/*', '**/cluster-runtime/**', '**/media/**', '**/server/**'],
  media: [
    '#runtime/*',
    '#apiClient/*',
    '#dashboard/*',
    '**/cluster-runtime/**',
    '**/client/**',
    '**/server/**',
    'vscode',
    'node:*',
  ],
  server: ['vscode', '**/client/**', '**/media/**', '**/cluster-runtime/**', '#runtime/*', '#dashboard/*'],
};
/** Parts of the extension that also run, and are tested, without an editor. */
const editorFree = [
  'client/src/cluster/{clusterSession,clusterSign,runtimeProcess,windowLeases,contextRules,dashboardSwitch,openConnection,shownCluster}.ts',
  'client/src/apply/{applier,appliedRecord,establishedDefinition,fieldManager,fieldOwners,fieldPath,manifestDocuments,revertChanges}.ts',
  'client/src/plans/**',
  'client/src/views/linePrefixer.ts',
];

const banned = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Take the time from the Clock.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the time from the Clock.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Take chance from Random.' },
  { selector: 'CallExpression[callee.name=/^set(Timeout|Interval)$/]', message: 'Use the Clock.' },
  { selector: "MemberExpression[object.name='console']", message: 'Use the Log.' },
];

// A pattern that begins with a bare # would be a comment and forbid nothing.
const patterns = (groups) =>
  groups.length
    ? [
        {
          group: groups.map((group) => group.replace(/^#/, '\\#')),
          message: 'This layer may not import that one; see docs/architecture.md.',
        },
      ]
    : [];

export default tseslint.config(
  { ignores: ['dist', 'out', '**/generated', 'node_modules', 'coverage'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base, ...tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-this-alias': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  ...Object.entries(layers).map(([folder, allowed]) => ({
    files: [`${folder}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: patterns([
            '#runtime/*',
            '#apiClient/*',
            '#dashboard/*',
            'node:*',
            ...commonLayers
              .map((l) => `#common/${l}`)
              .filter((l) => !allowed.includes(l) && l !== `#common/${folder.split('/').at(-1)}`)
              .map((l) => `${l}/**`),
          ]),
        },
      ],
    },
  })),
  ...Object.entries(runtimeParts).map(([part, allowed]) => ({
    files: [`cluster-runtime/src/${part}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: patterns([
            ...runtimeFolders
              .filter((f) => f !== part && !allowed.some((a) => a === f || a.startsWith(`${f}/`)))
              .flatMap((f) => [`../${f}/**`, `../../${f}/**`, `../../../${f}/**`, `#runtime/${f}/**`]),
            '#apiClient/*',
            '#dashboard/*',
            '**/cluster.ts',
            '**/main.ts',
          ]),
        },
      ],
    },
  })),
  {
    files: ['api-client/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: patterns(apiClientRefuses) }] },
  },
  {
    files: ['dashboard/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: patterns(dashboardRefuses) }] },
  },
  ...Object.entries(editorParts).map(([part, refused]) => ({
    files: [`${part}/src/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: patterns(refused) }] },
  })),
  {
    files: editorFree,
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: patterns([...editorParts.client, 'vscode']) }] },
  },
  {
    files: [
      'common/src/**/*.ts',
      'api-client/src/**/*.ts',
      'dashboard/src/**/*.ts',
      'cluster-runtime/src/**/*.ts',
      'client/src/**/*.ts',
      'media/src/**/*.ts',
      'server/src/**/*.ts',
    ],
    ignores: [
      'common/src/base/**',
      'cluster-runtime/src/cli/**',
      'cluster-runtime/src/main.ts',
      'server/src/main.ts',
      '**/*.test.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', ...banned] },
  },
);
