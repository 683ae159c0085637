/** Node (core/v1): a machine. Its status is written every few seconds by its kubelet, so checks of it are cheap. */
import { duplicate, type FieldError, forbidden, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { cidrErrors, parseCidr } from '#common/api/ipAddress.ts';
import { parseQuantity, roundUpToMilli } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { quantityProblems } from './podSpec/resources.ts';
import { validateTaints } from './validation/taints.ts';
import { problemsAt } from './validation/values.ts';

const podCidrsPath = FieldPath.of('spec', 'podCIDRs');
const roleLabelPrefix = 'node-role.kubernetes.io/';
const roleLabel = 'kubernetes.io/role';

export const Node = defineKind<api.Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  subresources: { status: true },
  hasGeneration: false,
  applyDefaults,
  // A kubelet registers itself with its status, so that one is kept.
  prepareForCreate: dropRetiredFields,
  prepareForUpdate(node, old) {
    if (old.status) node.status = old.status;
    else delete node.status;
    dropRetiredFields(node);
  },
  prepareForStatusUpdate(node, old) {
    if (old.spec) node.spec = old.spec;
    dropRetiredFields(node);
  },
  validate,
  validateUpdate,
  validateStatusUpdate: (node) => [...validateResourceLists(node.status), ...validateAddresses(node.status)],
  selectableFieldNames: ['spec.unschedulable'],
  selectableFields: (node) => ({ 'spec.unschedulable': `${node.spec?.unschedulable ?? false}` }),
  columns: [
    nameColumn,
    textColumn('Status', statusText),
    textColumn('Roles', rolesText),
    ageColumn,
    textColumn('Version', (node) => node.status?.nodeInfo?.kubeletVersion ?? ''),
    textColumn('Internal-IP', (node) => addressText(node, 'InternalIP'), 1),
    textColumn('External-IP', (node) => addressText(node, 'ExternalIP'), 1),
    textColumn('OS-Image', (node) => node.status?.nodeInfo?.osImage || '<unknown>', 1),
    textColumn('Kernel-Version', kernelText, 1),
    textColumn('Container-Runtime', (node) => node.status?.nodeInfo?.containerRuntimeVersion || '<unknown>', 1),
  ],
});

function applyDefaults(node: api.Node): void {
  const { spec, status } = node;
  if (spec) {
    // The single range is the older field; where the two differ, it wins.
    if (spec.podCIDR && spec.podCIDRs?.[0] !== spec.podCIDR) spec.podCIDRs = [spec.podCIDR];
    else if (!spec.podCIDR && spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
  }
  if (status?.capacity && !status.allocatable) {
    const allocatable: Record<string, string> = {};
    for (const [name, amount] of Object.entries(status.capacity)) {
      const quantity = parseQuantity(amount);
      allocatable[name] = quantity ? roundUpToMilli(quantity).text : amount;
    }
    status.allocatable = allocatable;
  }
}

/** Dynamic kubelet configuration is gone from Kubernetes; its fields are accepted and forgotten. */
function dropRetiredFields(node: api.Node): void {
  if (node.spec?.configSource) delete (node.spec = { ...node.spec }).configSource;
  if (node.status?.config) delete (node.status = { ...node.status }).config;
}

function validate(node: api.Node): FieldError[] {
  const errors: FieldError[] = [];
  const { spec } = node;
  if (spec?.taints?.length) errors.push(...validateTaints(spec.taints, FieldPath.of('metadata', 'taints')));
  errors.push(...validateResourceLists(node.status));
  const cidrs = spec?.podCIDRs ?? [];
  cidrs.forEach((cidr, i) => errors.push(...problemsAt(podCidrsPath.index(i), cidr, cidrErrors(cidr))));
  if (cidrs.length > 1 && !errors.length) {
    const families = new Set(cidrs.map((cidr) => parseCidr(cidr)?.family));
    if (cidrs.length > 2 || families.size < 2) {
      errors.push(invalid(podCidrsPath, cidrs, 'may specify no more than one CIDR for each IP family'));
    }
  }
  return errors;
}

function validateResourceLists(status: api.NodeStatus | undefined): FieldError[] {
  const errors: FieldError[] = [];
  for (const list of ['capacity', 'allocatable'] as const) {
    const resources = status?.[list];
    for (const name in resources) {
      const amount = resources[name] ?? '0';
      const quantity = parseQuantity(amount);
      const problems = quantity ? quantityProblems(name, quantity) : [];
      if (problems.length) errors.push(...problemsAt(FieldPath.of('status', list).child(name), quantity?.text, problems));
    }
  }
  return errors;
}

function validateAddresses(status: api.NodeStatus | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  status?.addresses?.forEach(({ type = '', address = '' }, i) => {
    const key = `${type}\n${address}`;
    if (seen.has(key)) errors.push(duplicate(FieldPath.of('status', 'addresses').index(i), { Type: type, Address: address }));
    seen.add(key);
  });
  return errors;
}

function validateUpdate(node: api.Node, old: api.Node): FieldError[] {
  const errors: FieldError[] = [];
  const spec = node.spec ?? {};
  const before = old.spec ?? {};
  const cidrsBefore = before.podCIDRs ?? [];
  if (cidrsBefore.length && cidrsBefore.join() !== (spec.podCIDRs ?? []).join()) {
    errors.push(forbidden(podCidrsPath, 'node updates may not change podCIDR except from "" to valid'));
  }
  if (before.providerID && spec.providerID !== before.providerID) {
    const text = 'node updates may not change providerID except from "" to valid';
    errors.push(forbidden(FieldPath.of('spec', 'providerID'), text));
  }
  if ((spec.externalID ?? '') !== (before.externalID ?? '')) {
    errors.push(forbidden(FieldPath.of('spec', 'externalID'), 'may not be updated'));
  }
  return errors;
}

function statusText(node: api.Node): string {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  const text = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return node.spec?.unschedulable ? `${text},SchedulingDisabled` : text;
}

function rolesText(node: api.Node): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    const role = key.startsWith(roleLabelPrefix) ? key.slice(roleLabelPrefix.length) : key === roleLabel ? value : '';
    if (role) roles.add(role);
  }
  return roles.size ? [...roles].sort().join(',') : '<none>';
}

const addressText = (node: api.Node, type: string): string =>
  node.status?.addresses?.find((address) => address.type === type)?.address ?? '<none>';

function kernelText(node: api.Node): string {
  const info = node.status?.nodeInfo;
  if (!info?.kernelVersion) return '<unknown>';
  return info.architecture ? `${info.kernelVersion} (${info.architecture})` : info.kernelVersion;
}
