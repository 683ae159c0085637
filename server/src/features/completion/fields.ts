/**
 * The fields that the structure at the cursor has and the text does not have yet: what is required first, then what people
 * mostly write. What the cluster fills in itself is not offered. Documentation is fetched when an item is looked at.
 */
import type { Field, SchemaType } from '#common/api/schemaType.ts';
import type { L10n } from '../../l10n.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { typeText } from '../fieldHover.ts';
import { knownValues } from './knownValues.ts';
import { keyItem, limited, type Shape } from './items.ts';
import { type CompletionPlace, itemBelowKey, placeAt } from './place.ts';
import { referencesAt } from './referencesAt.ts';

/** Written by the cluster alone. */
const notOnes = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** What people write most, whatever the structure. */
const usual = new Set(
  (
    'apiVersion kind metadata spec data stringData type name namespace labels annotations replicas selector template matchLabels ' +
    'containers image command args env envFrom ports containerPort resources requests limits volumeMounts volumes mountPath ' +
    'readinessProbe livenessProbe httpGet path port targetPort protocol configMap secret persistentVolumeClaim emptyDir rules ' +
    'host http paths pathType backend service schedule jobTemplate restartPolicy accessModes storageClassName storage value ' +
    'valueFrom configMapKeyRef secretKeyRef configMapRef secretRef key number ingressClassName minReplicas maxReplicas metrics ' +
    'scaleTargetRef subjects roleRef apiGroups resourceNames verbs podSelector ingress egress from to serviceAccountName'
  ).split(' '),
);

/** Kept for old manifests only. */
const deprecated = new Set([
  'PodSpec.serviceAccount',
  'ServiceSpec.loadBalancerIP',
  'Volume.gitRepo',
  'Volume.glusterfs',
  'Volume.cephfs',
  'Volume.rbd',
  'Volume.flexVolume',
  'Volume.photonPersistentDisk',
  'Volume.quobyte',
  'Volume.storageos',
  'Volume.scaleIO',
]);

export const provideFieldCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (!place) return undefined;
  const { l10n } = snapshot;
  const items = fieldItems(place, l10n);
  const item = itemBelowKey(place, snapshot);
  // A list that begins at its key's column: less likely there than the next field, but nobody should have to know.
  const ofItem = (item ? fieldItems(item, l10n) : []).map((each) => ({
    ...each,
    label: `- ${each.label}`,
    sort: `4${each.sort ?? ''}`,
  }));
  return limited([...items, ...ofItem], place.typed, ({ label }) => label);
};

function fieldItems(place: CompletionPlace, l10n: L10n): Completion[] {
  const type = place.schema?.type;
  const { gvk } = place;
  if (place.position !== 'key' || !gvk || type?.kind !== 'struct') return [];
  const there = new Set(place.siblings);
  const atRoot = place.path.length === 0;
  const fields = [...type.fields.values()].filter(
    ({ name }) =>
      !there.has(name) && !(atRoot && (name === 'status' || name === 'apiVersion' || name === 'kind')) && !isNoise(place, name),
  );
  const owner = type.name.split('.').at(-1) ?? '';
  return fields.map((field) => {
    const rank = field.required || (atRoot && field.name === 'metadata') ? 0 : usual.has(field.name) ? 1 : 2;
    const old = deprecated.has(`${owner}.${field.name}`);
    return keyItem(place, field.name, shapeOf(field.type), 'field', {
      detail: `${typeText(field.type, l10n)}${field.required ? ` · ${l10n.t('required')}` : ''}`,
      sort: `${old ? 3 : rank}${field.name}`,
      ...(old ? { deprecated: true } : {}),
      ...(goesOn(place, field) ? { retrigger: true } : {}),
      about: { gvk, path: [...place.path, field.name] },
    });
  });
}

const isNoise = (place: CompletionPlace, name: string): boolean => {
  const type = place.schema?.type;
  return type?.kind === 'struct' && type.name.endsWith('.ObjectMeta') && notOnes.has(name);
};

export function shapeOf(type: SchemaType): Shape {
  if (type.kind === 'list') return type.item.kind === 'struct' ? 'mapList' : 'list';
  return type.kind === 'map' || (type.kind === 'struct' && !type.untyped) ? 'map' : 'scalar';
}

/** Something can be offered for the value as well. */
function goesOn(place: CompletionPlace, field: Field): boolean {
  if (field.type.kind === 'struct' || field.type.kind === 'map') return true;
  if (field.type.kind === 'list') return field.type.item.kind === 'struct' || knownValues(field.type.item, field) !== undefined;
  if (knownValues(field.type, field) || ['image', 'topologyKey'].includes(field.name)) return true;
  return referencesAt(place, [...place.path, field.name]).length > 0;
}
