/**
 * A KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1) as kube-scheduler's `--config` takes it, made into
 * profiles. Throws ConfigurationError with one sentence for the first thing that is wrong.
 *
 * Differs from Kubernetes: connections, leader election and parallelism are read and change nothing, since the scheduler
 * is a part of the cluster's process; extenders and plugins from elsewhere are refused.
 */
import type { FieldPath } from '#common/api/fieldPath.ts';
import type { Plugin } from '../plugin.ts';
import { defaultPreemption, type Profile, type SchedulerSettings } from '../profile.ts';
import { ConfigurationError, ConfigurationFields } from './configurationFields.ts';
import { readPreemptionArgs } from './pluginArgs.ts';
import { type ArgsByPlugin, pluginCatalogue, pluginEntry } from './pluginCatalogue.ts';
import { type PluginsByPoint, readProfilePlugins } from './profilePlugins.ts';

const apiVersion = 'kubescheduler.config.k8s.io/v1';
const percent = { least: 0, most: 100 };
const positive = { least: 1, most: 2 ** 31 - 1 };

export function readSchedulerConfiguration(value: unknown): SchedulerSettings {
  const fields = new ConfigurationFields(value);
  expect(fields, 'apiVersion', apiVersion);
  expect(fields, 'kind', 'KubeSchedulerConfiguration');
  fields.ignore('leaderElection', 'clientConnection', 'enableProfiling', 'enableContentionProfiling', 'delayCacheUntilActive');
  fields.int('parallelism', positive);
  const extenders = fields.list('extenders', (_, path) => path);
  if (extenders?.[0]) throw new ConfigurationError(extenders[0], 'extenders are programs elsewhere, which are not called here.');
  const percentage = fields.int('percentageOfNodesToScore', percent) ?? 0;
  const podInitialBackoff = fields.int('podInitialBackoffSeconds', positive) ?? 1;
  const podMaxBackoff = fields.int('podMaxBackoffSeconds', positive) ?? 10;
  if (podMaxBackoff < podInitialBackoff)
    throw new ConfigurationError(fields.at('podMaxBackoffSeconds'), 'must be greater than or equal to podInitialBackoffSeconds.');
  const given = fields.list('profiles', (item, path) => readProfile(item, path, percentage));
  const profiles = given?.length ? given : [readProfile({}, fields.at('profiles').index(0), percentage)];
  fields.end();
  checkNames(profiles, fields.at('profiles'));
  return { profiles, podInitialBackoff, podMaxBackoff };
}

function expect(fields: ConfigurationFields, name: string, wanted: string): void {
  const found = fields.string(name);
  if (found !== wanted) throw new ConfigurationError(fields.at(name), `expected ${wanted}, found ${found ?? 'nothing'}.`);
}

function checkNames(profiles: readonly Profile[], path: FieldPath): void {
  profiles.forEach(({ schedulerName }, i) => {
    if (profiles.findIndex((other) => other.schedulerName === schedulerName) < i)
      throw new ConfigurationError(path.index(i).child('schedulerName'), `there are two profiles of the name ${schedulerName}.`);
  });
}

function readProfile(item: unknown, path: FieldPath, percentage: number): Profile {
  const fields = new ConfigurationFields(item, path);
  const schedulerName = fields.string('schedulerName') || 'default-scheduler';
  const percentageOfNodesToScore = fields.int('percentageOfNodesToScore', percent) ?? percentage;
  const pluginFields = fields.fields('plugins');
  const points = readProfilePlugins(pluginFields);
  const args = readArgs(fields);
  fields.end();
  const at = path.child('plugins');
  for (const [point, what] of [
    ['queueSort', 'queue sort'],
    ['bind', 'bind'],
  ] as const)
    if (points[point].length === 0) throw new ConfigurationError(at.child(point), `no ${what} plugin is enabled.`);
  const takesPart = (name: string, point: keyof PluginsByPoint): boolean => points[point].some((one) => one.name === name);
  return {
    schedulerName,
    percentageOfNodesToScore,
    plugins: pluginsOf(points, args),
    honorsGates: takesPart('SchedulingGates', 'preEnqueue'),
    bindsVolumes: takesPart('VolumeBinding', 'reserve') && takesPart('VolumeBinding', 'preBind'),
    looksAtClaims: takesPart('DynamicResources', 'postFilter'),
    preemption: takesPart('DefaultPreemption', 'postFilter') ? preemptionOf(args) : undefined,
  };
}

function readArgs(profile: ConfigurationFields): ArgsByPlugin {
  const out = new Map<string, { value: unknown; path: FieldPath }>();
  profile.list('pluginConfig', (item, path) => {
    const fields = new ConfigurationFields(item, path);
    const name = fields.string('name');
    const entry = name ? pluginEntry(name) : undefined;
    if (!name || !entry) {
      const known = pluginCatalogue.map((one) => one.name).join(', ');
      throw new ConfigurationError(path.child('name'), `there is no plugin ${JSON.stringify(name ?? '')}; there are ${known}.`);
    }
    if (out.has(name)) throw new ConfigurationError(path.child('name'), `${name} is configured twice.`);
    const value = fields.any('args') ?? {};
    fields.end();
    out.set(name, { value, path: path.child('args') });
    if (entry.create && !entry.checkArgs) withArgs(out, name, entry.create);
    else withArgs(out, name, (args) => args && entry.checkArgs?.(args));
  });
  return out;
}

/** Reads a plugin's arguments, all of them. */
function withArgs<T>(args: ArgsByPlugin, name: string, read: (fields: ConfigurationFields | undefined) => T): T {
  const given = args.get(name);
  if (!given) return read(undefined);
  const fields = new ConfigurationFields(given.value, given.path);
  if (fields.any('apiVersion') !== undefined) expect(fields, 'apiVersion', apiVersion);
  if (fields.any('kind') !== undefined) expect(fields, 'kind', `${name}Args`);
  const result = read(fields);
  fields.end();
  return result;
}

const preemptionOf = (args: ArgsByPlugin) =>
  withArgs(args, 'DefaultPreemption', (fields) => (fields ? readPreemptionArgs(fields) : defaultPreemption));

/**
 * What takes part as a filter, in that order, then what only scores.
 *
 * Differs from Kubernetes: a plugin without its preFilter or preScore takes no part in filter or score either; there it
 * fails every pod, or works without what it should have prepared.
 */
function pluginsOf(points: PluginsByPoint, args: ArgsByPlugin): Plugin[] {
  const isIn = (name: string, point: 'preFilter' | 'preScore'): boolean =>
    !pluginEntry(name)?.points.includes(point) || points[point].some((one) => one.name === name);
  const filtering = points.filter.map(({ name }) => name).filter((name) => isIn(name, 'preFilter'));
  const weights = new Map(points.score.filter(({ name }) => isIn(name, 'preScore')).map(({ name, weight }) => [name, weight]));
  const out: Plugin[] = [];
  for (const name of new Set([...filtering, ...weights.keys()])) {
    const made = pluginEntry(name)?.create;
    if (!made) continue;
    const plugin = withArgs(args, name, (fields) => {
      if (fields) pluginEntry(name)?.checkArgs?.(fields);
      return made(fields);
    });
    out.push(partOf(plugin, filtering.includes(name), weights.get(name)));
  }
  return out;
}

/** The plugin as far as it takes part; without a weight it scores nothing. */
function partOf(plugin: Plugin, filters: boolean, weight: number | undefined): Plugin {
  return {
    name: plugin.name,
    ...(filters && plugin.planFilter ? { planFilter: plugin.planFilter.bind(plugin) } : {}),
    ...(plugin.mayHelp ? { mayHelp: plugin.mayHelp.bind(plugin) } : {}),
    ...(weight !== undefined && plugin.score ? { weight, score: plugin.score.bind(plugin) } : {}),
  };
}
