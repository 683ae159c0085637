/** CSINode (storage.k8s.io/v1): which storage drivers run on a node, and under which name they know it. */
import { duplicate, type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { byteLength, qualifiedNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { goStructure, nested, plain } from './validation/goStructure.ts';
import { immutableText, notNegative, problemsAt, sameValue } from './validation/values.ts';
import { validateCsiDriverName } from './validation/volumeSources.ts';

const driversPath = FieldPath.of('spec', 'drivers');
const maxNodeIdLength = 256;
const driverShape = [
  plain('Name', ''),
  plain('NodeID', '', 'nodeID'),
  plain('TopologyKeys'),
  nested('Allocatable', 'pointer', [plain('Count')]),
];

export const CSINode = defineKind<api.CSINode>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  namespaced: false,
  hasGeneration: false,
  unconditionalUpdate: false,
  deleteAnswersObject: true,
  validate,
  validateUpdate,
  columns: [nameColumn, { name: 'Drivers', type: 'integer', cell: (node) => node.spec?.drivers?.length ?? 0 }, ageColumn],
});

function validate(node: api.CSINode): FieldError[] {
  const names = new Set<string>();
  return (node.spec?.drivers ?? []).flatMap((driver, i) => {
    const path = driversPath.index(i);
    const { name = '', nodeID = '' } = driver;
    const errors = validateCsiDriverName(name, path.child('name'));
    if (!nodeID) errors.push(required(path.child('nodeID')));
    else if (byteLength(nodeID) > maxNodeIdLength) {
      errors.push(invalid(path.child('nodeID'), nodeID, `must be ${maxNodeIdLength} characters or less`));
    }
    errors.push(...notNegative(path.child('allocatable', 'count'), driver.allocatable?.count));
    errors.push(...validateTopologyKeys(driver.topologyKeys ?? [], path));
    if (name && names.has(name)) errors.push(duplicate(path.child('name'), name));
    names.add(name);
    return errors;
  });
}

function validateTopologyKeys(keys: readonly string[], path: FieldPath): FieldError[] {
  return keys.flatMap((key, i) => {
    const errors = key ? [] : [required(path)];
    if (key && keys.indexOf(key) < i) errors.push(duplicate(path, key));
    return [...errors, ...problemsAt(path, key, qualifiedNameErrors(key))];
  });
}

/** A driver that stays may change nothing but how many volumes it can take. */
function validateUpdate(node: api.CSINode, old: api.CSINode): FieldError[] {
  return (node.spec?.drivers ?? []).flatMap((driver) => {
    const before = old.spec?.drivers?.find(({ name }) => name === driver.name);
    if (!before) return [];
    const same = driver.nodeID === before.nodeID && sameValue(driver.topologyKeys, before.topologyKeys);
    return same ? [] : [invalid(driversPath, goStructure(driverShape, driver), immutableText)];
  });
}
