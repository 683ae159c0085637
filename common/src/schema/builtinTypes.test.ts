import { expect, test } from 'vitest';
import { builtinKinds, builtinStruct, builtinStructNames, deleteOptionsType, isRetiredKind, typeOfKind } from './builtinTypes.ts';

test('kinds have their structure', () => {
  expect(typeOfKind({ group: '', version: 'v1', kind: 'Pod' })?.name).toBe('io.k8s.api.core.v1.Pod');
  expect(typeOfKind({ group: 'policy', version: 'v1', kind: 'Eviction' })?.goName).toBe('v1.Eviction');
  expect(typeOfKind({ group: 'autoscaling', version: 'v1', kind: 'Scale' })?.fields.has('spec')).toBe(true);
  expect(typeOfKind({ group: 'apps', version: 'v1', kind: 'Nothing' })).toBeUndefined();
  expect(isRetiredKind({ group: 'extensions', version: 'v1beta1', kind: 'Ingress' })).toBe(true);
  expect(deleteOptionsType().fields.get('dryRun')?.goType).toBe('[]string');
  expect(builtinKinds().length).toBeGreaterThan(100);
});

test('a structure is built once', () => {
  expect(builtinStruct('io.k8s.api.core.v1.PodSpec')).toBe(
    typeOfKind({ group: '', version: 'v1', kind: 'Pod' })?.fields.get('spec')?.type,
  );
});

test('fields carry what the tables know', () => {
  const container = builtinStruct('io.k8s.api.core.v1.Container').fields;
  expect(container.get('ports')).toMatchObject({
    goType: '[]v1.ContainerPort',
    patchStrategy: ['merge'],
    patchMergeKey: 'containerPort',
    protoNumber: 6,
    type: { kind: 'list', listType: 'map', mapKeys: ['containerPort', 'protocol'] },
  });
  expect(container.get('imagePullPolicy')?.type).toMatchObject({
    kind: 'string',
    goType: 'v1.PullPolicy',
    enum: ['Always', 'IfNotPresent', 'Never'],
  });
  expect(container.get('name')).toMatchObject({ required: true, pointer: false, omitEmpty: false });
  const volume = builtinStruct('io.k8s.api.core.v1.Volume').fields;
  expect(volume.get('hostPath')).toMatchObject({ embedded: ['VolumeSource'], protoPath: [2], pointer: true });
  const volumeSpec = builtinStruct('io.k8s.api.core.v1.PersistentVolumeSpec').fields;
  expect(volumeSpec.get('claimRef')?.type).toMatchObject({ name: 'io.k8s.api.core.v1.ObjectReference', mapType: 'granular' });
  expect(builtinStruct('io.k8s.api.core.v1.ObjectReference').mapType).toBe('atomic');
  expect(builtinStruct('io.k8s.api.core.v1.PodSpec').fields.get('nodeSelector')?.type).toMatchObject({
    kind: 'map',
    mapType: 'atomic',
  });
});

test('every field of every structure has a type and, but for the aggregator and the playground’s own, a protobuf number', () => {
  let fields = 0;
  for (const name of builtinStructNames()) {
    const typeMeta = new Set(['apiVersion', 'kind']);
    for (const field of builtinStruct(name).fields.values()) {
      fields++;
      expect(field.type.kind).toBeTruthy();
      if (!/kube-aggregator|version\.Info|^kube\.playground/.test(name) && !typeMeta.has(field.name))
        expect(field.protoNumber, `${name}.${field.name}`).toBeGreaterThan(0);
    }
  }
  expect(fields).toBeGreaterThan(2000);
});
