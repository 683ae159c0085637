/**
 * Which plugins take part where in a profile: those of the default profile, changed by `multiPoint` and then by each
 * extension point on its own, in the order in which Kubernetes merges them.
 */
import type { FieldPath } from '#common/api/fieldPath.ts';
import { ConfigurationError, ConfigurationFields } from './configurationFields.ts';
import { defaultWeight, type ExtensionPoint, extensionPoints, pluginCatalogue, pluginEntry } from './pluginCatalogue.ts';

export interface Participation {
  readonly name: string;
  readonly weight: number;
}

export type PluginsByPoint = Readonly<Record<ExtensionPoint, readonly Participation[]>>;

interface PluginSet {
  readonly enabled: readonly Participation[];
  readonly disabled: ReadonlySet<string>;
}

const everything: PluginSet = { enabled: [], disabled: new Set() };

/** `plugins` of a profile; undefined changes nothing. */
export function readProfilePlugins(fields: ConfigurationFields | undefined): PluginsByPoint {
  const multiPoint = fields ? readSet(fields, 'multiPoint') : everything;
  const everywhere = mergedWithDefaults(multiPoint);
  const out: Partial<Record<ExtensionPoint, readonly Participation[]>> = {};
  for (const point of extensionPoints) {
    const here = fields ? readSet(fields, point) : everything;
    out[point] = expanded(point, here, everywhere);
  }
  fields?.end();
  return out as PluginsByPoint;
}

function readSet(fields: ConfigurationFields, name: ExtensionPoint | 'multiPoint'): PluginSet {
  const set = fields.fields(name);
  if (!set) return everything;
  const enabled =
    set.list('enabled', (item, path) => readParticipation(item, path, name === 'multiPoint' ? undefined : name)) ?? [];
  const disabled = set.list('disabled', (item, path) => readName(new ConfigurationFields(item, path), true)) ?? [];
  set.end();
  enabled.forEach((one, i) => {
    if (enabled.findIndex(({ name: other }) => other === one.name) < i)
      throw new ConfigurationError(set.at('enabled').index(i).child('name'), `${one.name} is there twice.`);
  });
  return { enabled, disabled: new Set(disabled) };
}

function readParticipation(item: unknown, path: FieldPath, point: ExtensionPoint | undefined): Participation {
  const fields = new ConfigurationFields(item, path);
  const name = readName(fields, false);
  if (point && !pluginEntry(name)?.points.includes(point))
    throw new ConfigurationError(path.child('name'), `plugin "${name}" does not extend ${point}.`);
  // No weight, or 0, counts once.
  const weight = fields.int('weight', { least: 0, most: 1_000_000 }) || 1;
  fields.end();
  return { name, weight };
}

function readName(fields: ConfigurationFields, orAll: boolean): string {
  const name = fields.string('name');
  if (!name) throw new ConfigurationError(fields.at('name'), 'name the plugin.');
  if ((orAll && name === '*') || pluginEntry(name)) {
    if (orAll) fields.ignore('weight');
    return name;
  }
  const known = pluginCatalogue.map((entry) => entry.name).join(', ');
  throw new ConfigurationError(fields.at('name'), `there is no plugin ${JSON.stringify(name)}; there are ${known}.`);
}

/** An enabled plugin of the default profile keeps its place there; others come after. */
function mergedWithDefaults({ enabled, disabled }: PluginSet): readonly Participation[] {
  const own = new Map(enabled.map((one) => [one.name, one]));
  const out: Participation[] = [];
  if (!disabled.has('*')) {
    for (const { name } of pluginCatalogue) {
      if (disabled.has(name)) continue;
      out.push(own.get(name) ?? { name, weight: defaultWeight(name) });
      own.delete(name);
    }
  }
  return [...out, ...own.values()];
}

/** First those that are enabled here and everywhere, with the weight they have here; then everywhere; then only here. */
function expanded(point: ExtensionPoint, here: PluginSet, everywhere: readonly Participation[]): Participation[] {
  const reaching = everywhere.filter(({ name }) => pluginEntry(name)?.points.includes(point));
  const named = new Set(here.enabled.map(({ name }) => name));
  const general = here.disabled.has('*') ? [] : reaching.filter(({ name }) => !here.disabled.has(name) && !named.has(name));
  const isGeneral = ({ name }: Participation): boolean => reaching.some((one) => one.name === name);
  return [...here.enabled.filter(isGeneral), ...general, ...here.enabled.filter((one) => !isGeneral(one))];
}
