/**
 * Metrics in the form that autoscaling/v1 keeps in annotations: one flat structure for each source, with names from before
 * v2 was settled. Read from an annotation they are a user's text, so nothing about their shape is taken for granted.
 */
import type * as api from '#common/schema/generated/types.ts';

type Json = Record<string, unknown>;

const asObject = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Leaves out what is absent. */
function compact<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** `given` for specs is "target", for statuses "current": the fields differ in that word only. */
type Word = 'target' | 'current';

const capital = (word: Word, rest: string): string => `${word}${rest}`;

export function metricsToV1(metrics: readonly (api.MetricSpec | api.MetricStatus)[], word: Word): Json[] {
  return metrics.map((metric) => {
    const { type, resource, containerResource, pods, object, external } = metric;
    const valuesOf = (source: object | undefined): api.MetricValueStatus => {
      const fields = source as { target?: api.MetricTarget; current?: api.MetricValueStatus } | undefined;
      return (word === 'target' ? fields?.target : fields?.current) ?? {};
    };
    const resourceForm = (source: { name: string } | undefined): Json =>
      compact({
        name: source?.name,
        [capital(word, 'AverageUtilization')]: valuesOf(source).averageUtilization,
        [capital(word, 'AverageValue')]: valuesOf(source).averageValue,
      });
    if (resource) return { type, resource: resourceForm(resource) };
    if (containerResource) {
      return { type, containerResource: { ...resourceForm(containerResource), container: containerResource.container } };
    }
    if (pods) {
      const { averageValue } = valuesOf(pods);
      const { name, selector } = pods.metric;
      return { type, pods: compact({ metricName: name, [capital(word, 'AverageValue')]: averageValue, selector }) };
    }
    if (object) {
      const { value = '0', averageValue } = valuesOf(object);
      const { kind, name, apiVersion } = object.describedObject;
      const target = compact({ kind, name, apiVersion });
      const { name: metricName, selector } = object.metric;
      return { type, object: compact({ target, metricName, [capital(word, 'Value')]: value, selector, averageValue }) };
    }
    const { value, averageValue } = valuesOf(external);
    const { name: metricName, selector: metricSelector } = external?.metric ?? { name: '' };
    const fields = { metricName, metricSelector, [capital(word, 'Value')]: value, [capital(word, 'AverageValue')]: averageValue };
    return { type, external: compact(fields) };
  });
}

export function metricsFromV1(list: unknown, word: 'target'): api.MetricSpec[];
export function metricsFromV1(list: unknown, word: 'current'): api.MetricStatus[];
export function metricsFromV1(list: unknown, word: Word): (api.MetricSpec | api.MetricStatus)[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => metricFromV1(asObject(item), word) as unknown as api.MetricSpec);
}

function metricFromV1(metric: Json, word: Word): Json {
  const type = asText(metric['type']) ?? '';
  const { resource, containerResource, pods, object, external } = metric;
  const values = (source: Json, valueField = 'Value', averageField = capital(word, 'AverageValue')): Json => {
    const averageUtilization = asNumber(source[capital(word, 'AverageUtilization')]);
    const averageValue = asText(source[averageField]);
    const given = asText(source[capital(word, valueField)]);
    // The old form of objects always has a value; next to an average it says nothing.
    const value = averageValue !== undefined && given === '0' ? undefined : given;
    const amounts = compact({ averageUtilization, averageValue, value });
    if (word === 'current') return amounts;
    const targetType = averageUtilization !== undefined ? 'Utilization' : averageValue !== undefined ? 'AverageValue' : 'Value';
    return { type: targetType, ...amounts };
  };
  const identifier = (source: Json, selectorField: string): Json =>
    compact({ name: asText(source['metricName']) ?? '', selector: source[selectorField] as object | undefined });
  if (resource) {
    const source = asObject(resource);
    return { type, resource: { name: source['name'], [word]: values(source) } };
  }
  if (containerResource) {
    const source = asObject(containerResource);
    return { type, containerResource: { name: source['name'], container: source['container'], [word]: values(source) } };
  }
  if (pods) {
    const source = asObject(pods);
    return { type, pods: { metric: identifier(source, 'selector'), [word]: values(source) } };
  }
  if (object) {
    const source = asObject(object);
    const amounts = values(source, 'Value', 'averageValue');
    return {
      type,
      object: { describedObject: asObject(source['target']), metric: identifier(source, 'selector'), [word]: amounts },
    };
  }
  const source = asObject(external);
  return { type, external: { metric: identifier(source, 'metricSelector'), [word]: values(source) } };
}
