import { describe, expect, it } from 'vitest';
import { typeOfKind } from '#common/schema/builtinTypes.ts';
import { decodeObject } from '#common/schema/decode.ts';
import type * as api from '#common/schema/generated/types.ts';
import { Machine } from './machine.ts';

const machine = (spec: api.MachineSpec): api.Machine => {
  const made: api.Machine = { metadata: { name: 'a' }, spec };
  Machine.applyDefaults?.(made);
  return made;
};

/** As the API reads it. */
function decoded(spec: object): api.Machine {
  const type = typeOfKind(Machine);
  if (!type) throw new Error('machines have no structure');
  const body = { apiVersion: 'playground.kube/v1alpha1', kind: 'Machine', metadata: { name: 'a' }, spec };
  return decodeObject(type, { group: Machine.group, version: Machine.version, kind: Machine.kind }, body, {
    fieldValidation: 'Strict',
  }).object as unknown as api.Machine;
}

describe('a machine', () => {
  it('is on, and is switched off at once, unless it says otherwise', () => {
    expect(machine({}).spec).toEqual({ power: 'On', shutdown: 'Immediate' });
  });

  it('reads On and Off also where a reader of YAML made booleans of them', () => {
    expect(decoded({ power: false }).spec?.power).toBe('Off');
    expect(decoded({ power: true }).spec?.power).toBe('On');
    expect(() => decoded({ shutdown: true })).toThrow();
  });

  it.each<[string, api.MachineSpec, string[]]>([
    ['all of it', { zone: 'a', capacity: { cpu: '1500m', memory: '1Gi' }, labels: { disk: 'ssd' }, taints: [{ key: 'x', effect: 'NoExecute' }], shutdownGracePeriodByPodPriority: [{ priority: 0, shutdownGracePeriodSeconds: 0 }] }, []],
    ['power', { power: 'on' }, ['spec.power']],
    ['shutdown', { shutdown: 'Soft' }, ['spec.shutdown']],
    ['room', { capacity: { pods: '-1', cpu: '1' } }, ['spec.capacity.pods']],
    ['zone', { zone: 'no zone' }, ['spec.zone']],
    ['labels', { labels: { 'no label': 'x' } }, ['spec.labels']],
    ['taints', { taints: [{ key: 'x', effect: 'Never' }] }, ['spec.taints[0].effect']],
    ['periods', { shutdownGracePeriodByPodPriority: [{ priority: 1, shutdownGracePeriodSeconds: -1 }, { priority: 1, shutdownGracePeriodSeconds: 1 }] }, ['spec.shutdownGracePeriodByPodPriority[0].shutdownGracePeriodSeconds', 'spec.shutdownGracePeriodByPodPriority[1].priority']],
  ])('is checked for its %s', (_, spec, fields) => {
    expect(Machine.validate?.(machine(spec)).map(({ path }) => path.toString())).toEqual(fields);
  }); // prettier-ignore

  it('shows what is wrong with it', () => {
    const column = (name: string, of: api.Machine): unknown => Machine.columns.find((each) => each.name === name)?.cell(of, 0);
    expect(column('Pressure', machine({ pressure: { disk: true, memory: true } }))).toBe('memory,disk');
    expect(column('Pressure', machine({ pressure: { disk: false } }))).toBe('<none>');
    expect(column('Status', machine({}))).toBe('Starting');
  });
});
