/** Resources in requests, limits and quotas: their names, and amounts that are common for each. */
import type { AtOffset, Completion } from '../feature.ts';
import { keyItem, limited, valueItem } from './items.ts';
import { type CompletionPlace, placeAt } from './place.ts';

const cpu = ['50m', '100m', '250m', '500m', '1', '2', '4'];
const memory = ['64Mi', '128Mi', '256Mi', '512Mi', '1Gi', '2Gi', '4Gi'];
const storage = ['1Gi', '5Gi', '10Gi', '20Gi', '50Gi', '100Gi'];
const containerResources = ['cpu', 'memory', 'ephemeral-storage'];
const counted = [
  'pods',
  'services',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const quotaResources = [
  ...['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
  ...counted,
  'count/deployments.apps',
  'count/jobs.batch',
];

export const provideQuantityCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  const type = place?.schema?.type;
  if (!place || !type) return undefined;
  if (place.position === 'key') {
    if (type.kind !== 'map' || type.value.kind !== 'quantity') return undefined;
    const names = namesFor(place).filter((name) => !place.siblings.includes(name));
    return names.map((name, i) =>
      keyItem(place, name, 'scalar', 'field', {
        detail: snapshot.l10n.t('quantity'),
        sort: `0${String(i).padStart(2, '0')}`,
        retrigger: true,
      }),
    );
  }
  if (type.kind !== 'quantity') return undefined;
  const amounts = amountsOf(String(place.path.at(-1)));
  const items = amounts.map((amount, i) =>
    // A whole number is written as one: what YAML reads of it is a quantity too.
    valueItem(place, /^\d+$/.test(amount) && !place.quote ? Number(amount) : amount, 'value', {
      sort: `0${String(i).padStart(2, '0')}`,
    }),
  );
  return limited(items, place.typed, ({ label }) => label);
};

function namesFor({ path, gvk }: CompletionPlace): readonly string[] {
  if (path.at(-1) === 'hard') return quotaResources;
  const ofClaim =
    gvk?.kind === 'PersistentVolumeClaim' || path.includes('volumeClaimTemplates') || path.includes('volumeClaimTemplate');
  if (ofClaim || gvk?.kind === 'PersistentVolume') return ['storage'];
  if (gvk?.kind === 'LimitRange') return [...containerResources, 'storage'];
  return gvk?.kind === 'Node' ? [...containerResources, 'pods'] : containerResources;
}

function amountsOf(name: string): readonly string[] {
  if (/(?:^|\.)cpu$/.test(name)) return cpu;
  if (/(?:^|\.)(?:memory|sizeLimit)$/.test(name)) return memory;
  if (/storage$/.test(name)) return storage;
  return counted.includes(name) || name.startsWith('count/') ? ['1', '5', '10', '20', '50'] : [];
}
