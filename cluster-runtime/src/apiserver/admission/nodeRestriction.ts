/** A machine that acts as its node writes its own Node, that one's lease and its own pods, and sets no labels that give it power. */
import { forbiddenError } from '#common/api/status.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import { nodeOfUser } from '../authorization/nodeAuthorizer.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

/** Labels of Kubernetes' own domains that a node may put on itself. */
const ownLabels = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
]);
const ownDomains = ['kubelet.kubernetes.io', 'node.kubernetes.io'];

export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  handles: ({ kind, options }) =>
    nodeOfUser(options.user) !== undefined &&
    ((kind.group === '' && ['Node', 'Pod'].includes(kind.kind)) || kind.kind === 'Lease'),
  validate(request) {
    const node = nodeOfUser(request.options.user) ?? '';
    if (request.kind.kind === 'Node') checkNode(request, node);
    else if (request.kind.kind === 'Pod') checkPod(request, node);
    else if (request.name !== node) refuse(request, 'can only access node lease with the same name as the requesting node');
  },
};

function refuse({ kind, name }: AdmissionRequest, message: string): never {
  throw forbiddenError({ group: kind.group, resource: kind.plural }, name, message);
}

function checkNode(request: AdmissionRequest, node: string): void {
  const { operation, name, object, old, subresource } = request;
  if (name !== node) {
    const verb = operation === 'CREATE' ? 'create' : operation === 'DELETE' ? 'delete' : 'modify';
    refuse(request, `node ${JSON.stringify(node)} is not allowed to ${verb} node ${JSON.stringify(name)}`);
  }
  if (!object || subresource) return;
  const changed = changedLabels(object, old).filter(isRestricted).sort();
  if (changed.length === 0) return;
  const verb = operation === 'CREATE' ? 'set' : 'modify';
  refuse(request, `is not allowed to ${verb} the following labels: ${changed.join(', ')}`);
}

function changedLabels(object: KubeObject, old: KubeObject | undefined): string[] {
  const [after, before] = [object.metadata.labels ?? {}, old?.metadata.labels ?? {}];
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].filter(
    (name) => (Object.hasOwn(after, name) ? after[name] : undefined) !== (Object.hasOwn(before, name) ? before[name] : undefined),
  );
}

function isRestricted(label: string): boolean {
  const domain = label.includes('/') ? label.slice(0, label.indexOf('/')) : '';
  const within = (parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);
  if (within('node-restriction.kubernetes.io')) return true;
  if (!within('kubernetes.io') && !within('k8s.io')) return false;
  return !ownLabels.has(label) && !ownDomains.some(within);
}

function checkPod(request: AdmissionRequest, node: string): void {
  const pod = (request.old ?? request.object) as Pod | undefined;
  if (request.operation === 'CREATE') {
    if (pod?.metadata.annotations?.['kubernetes.io/config.mirror'] === undefined)
      refuse(
        request,
        `pod does not have "kubernetes.io/config.mirror" annotation, node ${JSON.stringify(node)} can only create mirror pods`,
      );
  } else if (pod?.spec?.nodeName !== node) {
    const what = request.operation === 'DELETE' ? 'delete' : 'update status for';
    refuse(request, `node ${JSON.stringify(node)} can only ${what} pods with spec.nodeName set to itself`);
  }
}
