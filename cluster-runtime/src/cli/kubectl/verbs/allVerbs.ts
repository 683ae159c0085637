/** Every command, by its words. The only list; each is loaded when it is called. */
import type { Verb } from './verb.ts';

const loaders: Readonly<Record<string, () => Promise<Verb>>> = {
  annotate: async () => (await import('./annotate.ts')).annotate,
  'api-resources': async () => (await import('./apiResources.ts')).apiResources,
  'api-versions': async () => (await import('./apiVersions.ts')).apiVersions,
  apply: async () => (await import('./apply.ts')).apply,
  'config current-context': async () => (await import('./config.ts')).currentContext,
  'config get-contexts': async () => (await import('./config.ts')).getContexts,
  'config set-context': async () => (await import('./config.ts')).setContext,
  'config use-context': async () => (await import('./config.ts')).useContext,
  'config view': async () => (await import('./config.ts')).view,
  cordon: async () => (await import('./cordon.ts')).cordon,
  create: async () => (await import('./create.ts')).create,
  'create configmap': async () => (await import('./createConfigMap.ts')).createConfigMap,
  'create deployment': async () => (await import('./createDeployment.ts')).createDeployment,
  'create job': async () => (await import('./createJob.ts')).createJob,
  'create namespace': async () => (await import('./createNamespace.ts')).createNamespace,
  'create secret generic': async () => (await import('./createSecret.ts')).createSecretGeneric,
  'create serviceaccount': async () => (await import('./createServiceAccount.ts')).createServiceAccount,
  delete: async () => (await import('./delete.ts')).deleteVerb,
  describe: async () => (await import('./describe.ts')).describe,
  drain: async () => (await import('./drain.ts')).drain,
  exec: async () => (await import('./exec.ts')).exec,
  explain: async () => (await import('./explain.ts')).explain,
  expose: async () => (await import('./expose.ts')).expose,
  get: async () => (await import('./get.ts')).get,
  label: async () => (await import('./label.ts')).label,
  logs: async () => (await import('./logs.ts')).logs,
  'port-forward': async () => (await import('./portForward.ts')).portForward,
  'rollout history': async () => (await import('./rolloutHistory.ts')).rolloutHistory,
  'rollout pause': async () => (await import('./rolloutPause.ts')).rolloutPause,
  'rollout restart': async () => (await import('./rolloutRestart.ts')).rolloutRestart,
  'rollout resume': async () => (await import('./rolloutPause.ts')).rolloutResume,
  'rollout status': async () => (await import('./rolloutStatus.ts')).rolloutStatus,
  'rollout undo': async () => (await import('./rolloutUndo.ts')).rolloutUndo,
  run: async () => (await import('./run.ts')).run,
  scale: async () => (await import('./scale.ts')).scale,
  'top node': async () => (await import('./top.ts')).topNode,
  'top pod': async () => (await import('./top.ts')).topPod,
  uncordon: async () => (await import('./cordon.ts')).uncordon,
  version: async () => (await import('./version.ts')).version,
  wait: async () => (await import('./wait.ts')).wait,
};

const aliases: Readonly<Record<string, string>> = {
  log: 'logs',
  cm: 'configmap',
  deploy: 'deployment',
  ns: 'namespace',
  sa: 'serviceaccount',
  no: 'node',
  nodes: 'node',
  po: 'pod',
  pods: 'pod',
};

export const verbNames = (): string[] => Object.keys(loaders);

export interface FoundVerb {
  readonly verb: Verb;
  readonly words: readonly string[];
  readonly rest: readonly string[];
}

/** Global options with a value that may stand before the command. */
const valued = new Set(['-n', '--namespace', '--context', '--kubeconfig', '--as', '--as-group', '--request-timeout', '-v']);

/** The command with the most words that fits; the words may have options between them. */
export async function findVerb(argv: readonly string[]): Promise<FoundVerb | undefined> {
  const places: number[] = [];
  for (let i = 0; i < argv.length && places.length < 3; i++) {
    const word = argv[i] ?? '';
    if (word === '--') break;
    if (!word.startsWith('-')) places.push(i);
    else if (valued.has(word)) i++;
  }
  const words = places.map((at, i) => {
    const word = argv[at] ?? '';
    return (i === 0 ? word === 'log' : i === 1) && Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word;
  });
  for (let count = words.length; count > 0; count--) {
    const name = words.slice(0, count).join(' ');
    const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
    if (!load) continue;
    const taken = new Set(places.slice(0, count));
    return { verb: await load(), words: words.slice(0, count), rest: argv.filter((_, i) => !taken.has(i)) };
  }
  return undefined;
}
