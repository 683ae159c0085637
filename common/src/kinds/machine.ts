/**
 * Machine (playground.kube/v1alpha1): the simulated computer behind the Node of the same name. Its spec is what a person
 * does to the computer; what Kubernetes makes of that shows on the Node. Not a kind of Kubernetes.
 */
import { duplicate, type FieldError } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { labelErrors } from '#common/api/labelErrors.ts';
import { labelValueErrors } from '#common/api/names.ts';
import { quantityOf } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, since, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { playgroundGroup, playgroundVersion } from './playgroundGroup.ts';
import { quantityProblems } from './podSpec/resources.ts';
import { validateTaints } from './validation/taints.ts';
import { notNegative, oneOf, problemsAt } from './validation/values.ts';

const specPath = FieldPath.of('spec');
const powers = ['Off', 'On'];
const shutdowns = ['Graceful', 'Immediate'];

/** Switched on, as far as its owner is concerned; it may still be on its way. */
export const isSwitchedOn = (machine: api.Machine | undefined): boolean => machine?.spec?.power !== 'Off';

export const Machine = defineKind<api.Machine>({
  group: playgroundGroup,
  version: playgroundVersion,
  kind: 'Machine',
  plural: 'machines',
  shortNames: ['mach'],
  namespaced: false,
  subresources: { status: true },
  applyDefaults(machine) {
    machine.spec ??= {};
    machine.spec.power ??= 'On';
    machine.spec.shutdown ??= 'Immediate';
  },
  prepareForCreate(machine) {
    delete machine.status;
  },
  prepareForUpdate(machine, old) {
    if (old.status) machine.status = old.status;
    else delete machine.status;
  },
  prepareForStatusUpdate(machine, old) {
    if (old.spec) machine.spec = old.spec;
  },
  validate,
  columns: [
    nameColumn,
    textColumn('Power', (machine) => machine.spec?.power ?? 'On'),
    textColumn('Status', (machine) => machine.status?.phase ?? 'Starting'),
    textColumn('Pressure', pressureText),
    textColumn('Zone', (machine) => machine.spec?.zone || '<none>'),
    textColumn('CPU', (machine) => machine.spec?.capacity?.['cpu'] ?? '<none>'),
    textColumn('Memory', (machine) => machine.spec?.capacity?.['memory'] ?? '<none>'),
    textColumn('Address', (machine) => machine.status?.address ?? '<none>', 1),
    textColumn('Boot-ID', (machine) => machine.status?.bootID ?? '<none>', 1),
    { name: 'Since', type: 'string', priority: 1, cell: (machine, now) => since(machine.status?.lastTransitionTime, now) },
    ageColumn,
  ],
});

function validate({ spec = {} }: api.Machine): FieldError[] {
  const errors: FieldError[] = [
    ...oneOf(specPath.child('power'), spec.power, powers),
    ...oneOf(specPath.child('shutdown'), spec.shutdown, shutdowns),
    ...gracePeriodErrors(spec.shutdownGracePeriodByPodPriority ?? []),
  ];
  for (const [name, text] of Object.entries(spec.capacity ?? {})) {
    errors.push(...problemsAt(specPath.child('capacity').child(name), text, quantityProblems(name, quantityOf(text))));
  }
  if (spec.zone !== undefined) errors.push(...problemsAt(specPath.child('zone'), spec.zone, labelValueErrors(spec.zone)));
  if (spec.labels) errors.push(...labelErrors(specPath.child('labels'), spec.labels));
  if (spec.taints) errors.push(...validateTaints(spec.taints, specPath.child('taints')));
  return errors;
}

function gracePeriodErrors(periods: readonly api.ShutdownGracePeriod[]): FieldError[] {
  const path = specPath.child('shutdownGracePeriodByPodPriority');
  return periods.flatMap(({ priority, shutdownGracePeriodSeconds }, i) => [
    ...notNegative(path.index(i).child('shutdownGracePeriodSeconds'), shutdownGracePeriodSeconds),
    ...(periods.findIndex((other) => other.priority === priority) < i
      ? [duplicate(path.index(i).child('priority'), priority)]
      : []),
  ]);
}

/** `memory,disk`; `<none>` for a machine that is well. */
function pressureText({ spec }: api.Machine): string {
  const { memory, disk, pid } = spec?.pressure ?? {};
  return [memory && 'memory', disk && 'disk', pid && 'pid'].filter(Boolean).join(',') || '<none>';
}
