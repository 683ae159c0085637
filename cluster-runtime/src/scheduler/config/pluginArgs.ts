/** The arguments of the plugins that take any, each from the fields of its `args`. Limits and defaults are Kubernetes'. */
import { type FieldError, fieldErrorBody } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { validateAffinity } from '#common/kinds/podSpec/affinity.ts';
import { validateTopologySpread } from '#common/kinds/podSpec/scheduling.ts';
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import { decodeAs } from '#common/schema/decode.ts';
import type { NodeAffinity, TopologySpreadConstraint } from '#common/schema/generated/types.ts';
import { type InterPodAffinityArgs, defaultInterPodAffinityArgs } from '../plugins/interPodAffinity.ts';
import { type NodeResourcesFitArgs, defaultFitArgs } from '../plugins/nodeResourcesFit.ts';
import { type DefaultSpread, systemSpread } from '../plugins/podTopologySpread.ts';
import { defaultPreemption, type PreemptionSettings } from '../profile.ts';
import {
  cpuAndMemory,
  highestShapeScore,
  type ScoringStrategy,
  type ShapePoint,
  type WeightedResource,
} from '../resourceScoring.ts';
import { ConfigurationError, ConfigurationFields } from './configurationFields.ts';

const percent = { least: 0, most: 100 };

export function readFitArgs(args: ConfigurationFields): NodeResourcesFitArgs {
  const ignoredResourceGroups = args.list('ignoredResourceGroups', (group, path) => {
    if (typeof group === 'string' && group !== '' && !group.includes('/')) return group;
    throw new ConfigurationError(path, 'expected what comes before the slash of a resource’s name, as "example.com".');
  });
  const strategy = args.fields('scoringStrategy');
  return {
    ignoredResources: args.strings('ignoredResources') ?? [],
    ignoredResourceGroups: ignoredResourceGroups ?? [],
    scoringStrategy: strategy ? readStrategy(strategy) : defaultFitArgs.scoringStrategy,
  };
}

function readStrategy(fields: ConfigurationFields): ScoringStrategy {
  const type = fields.oneOf('type', ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']) ?? 'LeastAllocated';
  const resources = readResources(fields);
  const ratio = fields.fields('requestedToCapacityRatio');
  const shape = ratio ? readShape(ratio) : undefined;
  ratio?.end();
  fields.end();
  if (type !== 'RequestedToCapacityRatio') return { type, resources };
  if (!shape) throw new ConfigurationError(fields.at('requestedToCapacityRatio'), 'the strategy needs a shape.');
  return { type, resources, shape };
}

function readResources(fields: ConfigurationFields): readonly WeightedResource[] {
  const resources = fields.list('resources', (item, path) => {
    const resource = new ConfigurationFields(item, path);
    const name = resource.string('name');
    if (!name) throw new ConfigurationError(path.child('name'), 'name the resource.');
    const weight = resource.int('weight', { least: 1, most: 100 }) ?? 1;
    resource.end();
    return { name, weight };
  });
  return resources?.length ? resources : cpuAndMemory;
}

function readShape(fields: ConfigurationFields): readonly ShapePoint[] {
  const shape = fields.list('shape', (item, path) => {
    const point = new ConfigurationFields(item, path);
    const utilization = point.int('utilization', percent) ?? 0;
    const score = point.int('score', { least: 0, most: highestShapeScore }) ?? 0;
    point.end();
    return { utilization, score };
  });
  if (!shape?.length) throw new ConfigurationError(fields.at('shape'), 'at least one point must be specified.');
  shape.forEach(({ utilization }, i) => {
    const before = shape[i - 1];
    if (before && utilization <= before.utilization)
      throw new ConfigurationError(fields.at('shape').index(i).child('utilization'), 'must be above that of the point before.');
  });
  return shape;
}

export function readBalancedResources(args: ConfigurationFields): readonly WeightedResource[] {
  const resources = readResources(args);
  resources.forEach(({ weight }, i) => {
    if (weight !== 1)
      throw new ConfigurationError(args.at('resources').index(i).child('weight'), 'all resources count alike here; use 1.');
  });
  return resources;
}

export const readInterPodAffinityArgs = (args: ConfigurationFields): InterPodAffinityArgs => ({
  hardPodAffinityWeight: args.int('hardPodAffinityWeight', percent) ?? defaultInterPodAffinityArgs.hardPodAffinityWeight,
  ignorePreferredTermsOfExistingPods: args.boolean('ignorePreferredTermsOfExistingPods') ?? false,
});

export function readAddedAffinity(args: ConfigurationFields): NodeAffinity | undefined {
  const value = args.any('addedAffinity');
  if (value === undefined) return undefined;
  const path = args.at('addedAffinity');
  const nodeAffinity = decoded<NodeAffinity>('NodeAffinity', value, path);
  // The errors' paths name the field that a pod would have it in.
  refuse((parent, errors) => validateAffinity({ nodeAffinity }, parent, errors), path, 'nodeAffinity.');
  return nodeAffinity;
}

export function readSpreadDefaults(args: ConfigurationFields): DefaultSpread {
  const constraints = args.list('defaultConstraints', (item, path) => {
    const constraint = decoded<TopologySpreadConstraint>('TopologySpreadConstraint', item, path);
    if (constraint.labelSelector)
      throw new ConfigurationError(path.child('labelSelector'), 'leave the selector out; each pod’s own is found.');
    return constraint;
  });
  const type = args.oneOf('defaultingType', ['System', 'List']) ?? 'System';
  if (type === 'List') {
    const list = constraints ?? [];
    refuse((path, errors) => validateTopologySpread(list, path, errors), args.at('defaultConstraints'));
    return { constraints: list, isSystem: false };
  }
  if (!constraints?.length) return systemSpread;
  throw new ConfigurationError(args.at('defaultConstraints'), 'needs the defaultingType List.');
}

export function readPreemptionArgs(args: ConfigurationFields): PreemptionSettings {
  const percentage = args.int('minCandidateNodesPercentage', percent) ?? defaultPreemption.minCandidateNodesPercentage;
  const absolute =
    args.int('minCandidateNodesAbsolute', { least: 0, most: 2 ** 31 - 1 }) ?? defaultPreemption.minCandidateNodesAbsolute;
  if (percentage === 0 && absolute === 0)
    throw new ConfigurationError(
      args.at('minCandidateNodesPercentage'),
      'cannot be zero together with minCandidateNodesAbsolute.',
    );
  return { minCandidateNodesPercentage: percentage, minCandidateNodesAbsolute: absolute };
}

/** Differs from Kubernetes: a pod's claims get ten minutes to be bound, whatever bindTimeoutSeconds says. */
export function readVolumeBindingArgs(args: ConfigurationFields): void {
  args.int('bindTimeoutSeconds', { least: 0, most: 2 ** 31 - 1 });
  if (args.any('shape') !== undefined) readShape(args);
}

/** A part of a pod, read with the API's own tables. */
function decoded<T>(type: string, value: unknown, path: FieldPath): T {
  const fail = (detail: string): Error => new ConfigurationError(path, `${detail}.`);
  return decodeAs(builtinStruct(`io.k8s.api.core.v1.${type}`), value, { fieldValidation: 'Strict' }, fail).result as T;
}

/** `above` is a step of the errors' paths that the configuration does not have. */
function refuse(validate: (path: FieldPath, errors: FieldError[]) => void, path: FieldPath, above = ''): void {
  const errors: FieldError[] = [];
  validate(path, errors);
  const [first] = errors;
  if (!first) return;
  const prefix = `${path.toString()}.`;
  const place = first.path.toString().replace(`${prefix}${above}`, prefix);
  throw new ConfigurationError(undefined, `${place}: ${fieldErrorBody(first)}.`);
}
