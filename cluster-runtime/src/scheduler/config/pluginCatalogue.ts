/**
 * Every plugin that a profile may name: where it takes part, its weight in the default profile, and how it is made from
 * its arguments. Those without `create` are part of the scheduler itself and can only be left out.
 */
import type { FieldPath } from '#common/api/fieldPath.ts';
import type { Plugin } from '../plugin.ts';
import { allPlugins } from '../plugins/allPlugins.ts';
import { createInterPodAffinity } from '../plugins/interPodAffinity.ts';
import { createNodeAffinity } from '../plugins/nodeAffinity.ts';
import { createBalancedAllocation } from '../plugins/nodeResourcesBalancedAllocation.ts';
import { createNodeResourcesFit } from '../plugins/nodeResourcesFit.ts';
import { createPodTopologySpread } from '../plugins/podTopologySpread.ts';
import type { ConfigurationFields } from './configurationFields.ts';
import {
  readAddedAffinity,
  readBalancedResources,
  readFitArgs,
  readInterPodAffinityArgs,
  readPreemptionArgs,
  readSpreadDefaults,
  readVolumeBindingArgs,
} from './pluginArgs.ts';

export const extensionPoints = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
] as const;
export type ExtensionPoint = (typeof extensionPoints)[number];

export interface PluginEntry {
  readonly name: string;
  readonly points: readonly ExtensionPoint[];
  /** From the fields of its `args`, or from nothing. */
  readonly create?: (args: ConfigurationFields | undefined) => Plugin;
  /** Reads arguments that do not make a plugin of their own, to find what is wrong with them. */
  readonly checkArgs?: (args: ConfigurationFields) => unknown;
}

const filters: readonly ExtensionPoint[] = ['preFilter', 'filter'];
const filtersAndScores: readonly ExtensionPoint[] = ['preFilter', 'filter', 'preScore', 'score'];

const ready = (name: string): { name: string; create: () => Plugin } => ({
  name,
  create: () => allPlugins.find((plugin) => plugin.name === name) as Plugin,
});

/** In the order of the default profile. */
export const pluginCatalogue: readonly PluginEntry[] = [
  { name: 'SchedulingGates', points: ['preEnqueue'] },
  { name: 'PrioritySort', points: ['queueSort'] },
  { ...ready('NodeUnschedulable'), points: ['filter'] },
  { ...ready('NodeName'), points: ['filter'] },
  { ...ready('TaintToleration'), points: ['filter', 'preScore', 'score'] },
  {
    name: 'NodeAffinity',
    points: filtersAndScores,
    create: (args) => createNodeAffinity(args && readAddedAffinity(args)),
  },
  { ...ready('NodePorts'), points: filters },
  {
    name: 'NodeResourcesFit',
    points: filtersAndScores,
    create: (args) => createNodeResourcesFit(args && readFitArgs(args)),
  },
  { ...ready('VolumeRestrictions'), points: filters },
  { ...ready('NodeVolumeLimits'), points: filters },
  {
    ...ready('VolumeBinding'),
    points: ['preFilter', 'filter', 'reserve', 'preBind', 'preScore', 'score'],
    checkArgs: readVolumeBindingArgs,
  },
  { ...ready('VolumeZone'), points: filters },
  {
    name: 'PodTopologySpread',
    points: filtersAndScores,
    create: (args) => createPodTopologySpread(args && readSpreadDefaults(args)),
  },
  {
    name: 'InterPodAffinity',
    points: filtersAndScores,
    create: (args) => createInterPodAffinity(args && readInterPodAffinityArgs(args)),
  },
  {
    name: 'DynamicResources',
    points: ['preEnqueue', 'preFilter', 'filter', 'postFilter', 'reserve', 'preBind'],
    checkArgs: (args) => args.string('filterTimeout'),
  },
  { name: 'DefaultPreemption', points: ['postFilter'], checkArgs: readPreemptionArgs },
  {
    name: 'NodeResourcesBalancedAllocation',
    points: ['preScore', 'score'],
    create: (args) => createBalancedAllocation(args && readBalancedResources(args)),
  },
  { ...ready('ImageLocality'), points: ['score'] },
  { name: 'DefaultBinder', points: ['bind'] },
];

export const pluginEntry = (name: string): PluginEntry | undefined => pluginCatalogue.find((entry) => entry.name === name);

/** The weights of the default profile; a plugin that somebody enables without one counts once. */
export const defaultWeight = (name: string): number => allPlugins.find((plugin) => plugin.name === name)?.weight ?? 1;

/** Where the arguments of each plugin were found, by its name. */
export type ArgsByPlugin = ReadonlyMap<string, { readonly value: unknown; readonly path: FieldPath }>;
