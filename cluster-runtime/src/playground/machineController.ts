/**
 * Keeps one Machine for each Node: makes it when a Node appears, removes it with the Node, and registers the Node of a
 * Machine that was made first. Deleting a Machine takes its Node along, as the cloud's controller does when a computer is
 * gone for good. What the machine then does is its kubelet's business.
 */
import { keyOf, type ObjectKey } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { Machine } from '#common/kinds/machine.ts';
import { Node } from '#common/kinds/node.ts';
import type * as api from '#common/schema/generated/types.ts';
import { newNode } from '../addons/nodes.ts';
import {
  type ControllerDefinition,
  defineController,
  done,
  type ReconcileContext,
  type ReconcileResult,
} from '../controller/controller.ts';
import { playgroundApiVersion } from './apiVersion.ts';

const zoneLabel = 'topology.kubernetes.io/zone';

/** Two loops over the same decision: one hears of every Node, the other of every Machine, those of before a restart too. */
export function machineControllers(): readonly ControllerDefinition[] {
  /** The Nodes whose Machine has been seen, by name: a Machine that is missing then was deleted. */
  const paired = new Map<string, string>();
  const reconcile = async (ctx: ReconcileContext, key: ObjectKey): Promise<ReconcileResult> => {
    const machine = ctx.cache.get(Machine, key);
    const node = ctx.cache.get(Node, key);
    const step = planMachine(machine, node, paired.get(key.name));
    if (machine && node && ownerUid(machine) === node.metadata.uid) paired.set(key.name, node.metadata.uid ?? '');
    else if (!node) paired.delete(key.name);
    await carryOut(ctx, step);
    return done;
  };
  const common = { account: 'machine-controller', concurrency: 10, reconcile };
  return [
    defineController<api.Node>({ ...common, name: 'machine-controller', for: Node, writes: [Machine, Node] }),
    defineController<api.Machine>({ ...common, name: 'machine-node-controller', for: Machine, writes: [Machine, Node] }),
  ];
}

export type MachineStep =
  | { readonly do: 'nothing' }
  | { readonly do: 'createMachine'; readonly node: api.Node }
  | { readonly do: 'registerNode'; readonly machine: api.Machine }
  | { readonly do: 'adopt'; readonly machine: api.Machine; readonly node: api.Node }
  | { readonly do: 'removeMachine'; readonly machine: api.Machine }
  | { readonly do: 'removeNode'; readonly node: api.Node };

/** `pairedWith`: the uid of the Node whose Machine was there when last looked. */
export function planMachine(
  machine: api.Machine | undefined,
  node: api.Node | undefined,
  pairedWith: string | undefined,
): MachineStep {
  if (!machine) {
    if (!node || node.metadata.deletionTimestamp) return { do: 'nothing' };
    return pairedWith === node.metadata.uid ? { do: 'removeNode', node } : { do: 'createMachine', node };
  }
  if (machine.metadata.deletionTimestamp) return { do: 'nothing' };
  const owner = ownerUid(machine);
  if (!node) return owner === undefined ? { do: 'registerNode', machine } : { do: 'removeMachine', machine };
  if (owner === undefined) return { do: 'adopt', machine, node };
  // The Node was made anew under its name: a new computer stands there, too.
  return owner === node.metadata.uid ? { do: 'nothing' } : { do: 'removeMachine', machine };
}

const ownerUid = ({ metadata }: api.Machine): string | undefined =>
  metadata.ownerReferences?.find(({ kind, apiVersion }) => kind === 'Node' && apiVersion === 'v1')?.uid;

const ownedBy = ({ metadata: { name = '', uid = '' } }: api.Node): api.OwnerReference[] => [
  { apiVersion: 'v1', kind: 'Node', name, uid },
];

async function carryOut({ client }: ReconcileContext, step: MachineStep): Promise<void> {
  try {
    if (step.do === 'createMachine') await client.create(Machine, machineOf(step.node));
    else if (step.do === 'registerNode') {
      // With the labels that its owner chose, which a kubelet could not give itself.
      await client.create(Node, nodeOf(step.machine));
    } else if (step.do === 'adopt') {
      const { metadata } = step.machine;
      await client.update(Machine, { ...step.machine, metadata: { ...metadata, ownerReferences: ownedBy(step.node) } });
    } else if (step.do === 'removeMachine') {
      const { uid = '' } = step.machine.metadata;
      await client.delete(Machine, keyOf(step.machine), { preconditions: { uid } });
    } else if (step.do === 'removeNode') {
      await client.delete(Node, keyOf(step.node), { preconditions: { uid: step.node.metadata.uid ?? '' } });
    }
  } catch (error) {
    // Somebody was faster; what they made or removed brings us back here.
    if (!hasReason(error, 'AlreadyExists') && !hasReason(error, 'NotFound')) throw error;
  }
}

/** The computer that a Node says it runs on. */
export function machineOf(node: api.Node): api.Machine {
  const { name = '', labels } = node.metadata;
  const capacity = { ...newNode(name).status?.capacity, ...node.status?.capacity };
  const zone = labels?.[zoneLabel];
  return {
    apiVersion: playgroundApiVersion,
    kind: 'Machine',
    metadata: { name, ownerReferences: ownedBy(node) },
    spec: { capacity, ...(zone ? { zone } : {}) },
  };
}

/** The Node that a machine registers when it comes up for the first time. */
export function nodeOf({ metadata: { name = '' }, spec = {} }: api.Machine): api.Node {
  const usual = newNode(name);
  const room = { ...usual.status?.capacity, ...spec.capacity };
  return {
    ...usual,
    metadata: {
      ...usual.metadata,
      labels: { ...usual.metadata.labels, ...(spec.zone ? { [zoneLabel]: spec.zone } : {}), ...spec.labels },
    },
    ...(spec.taints?.length ? { spec: { taints: spec.taints } } : {}),
    status: { capacity: room, allocatable: room },
  };
}
