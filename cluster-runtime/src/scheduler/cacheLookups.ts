/** Looks things up in the informers. Registers the indexes it needs; forgets what it derived when its source changes. */
import { DisposableStore, type Disposable } from '#common/base/disposable.ts';
import {
  type Requirement,
  type Selector,
  selectorFromLabelSelector,
  selectorFromMap,
  selectorFromRequirements,
} from '#common/api/labelSelector.ts';
import { controllerOf } from '#common/api/meta.ts';
import { CSIDriver } from '#common/kinds/csiDriver.ts';
import { CSINode } from '#common/kinds/csiNode.ts';
import { CSIStorageCapacity } from '#common/kinds/csiStorageCapacity.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { PodDisruptionBudget } from '#common/kinds/podDisruptionBudget.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import { ReplicationController } from '#common/kinds/replicationController.ts';
import { Service } from '#common/kinds/service.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import { StorageClass } from '#common/kinds/storageClass.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../client/client.ts';
import type { Lookups } from './lookups.ts';

export interface CacheLookups extends Lookups, Disposable {}

const byClass = 'scheduler/storageClass';

export function lookupsFrom(cache: Cache): CacheLookups {
  const disposables = new DisposableStore();
  const volumes = cache.informer(PersistentVolume);
  volumes.addIndex(byClass, (volume) => [volume.spec?.storageClassName ?? '']);
  const capacities = cache.informer(CSIStorageCapacity);
  capacities.addIndex(byClass, (capacity) => [capacity.storageClassName]);

  // The Services of a namespace, compiled: a pod's own are among them, and pods come by the thousand.
  const services = cache.informer(Service);
  const serviceSelectors = new Map<string, readonly Selector[]>();
  disposables.add(services.onChange(({ object }) => serviceSelectors.delete(object.metadata.namespace ?? '')));
  const selectorsIn = (namespace: string): readonly Selector[] => {
    let found = serviceSelectors.get(namespace);
    if (!found) {
      const selecting = services.list(namespace).filter(({ spec }) => Object.keys(spec?.selector ?? {}).length > 0);
      serviceSelectors.set(namespace, (found = selecting.map(({ spec }) => selectorFromMap(spec?.selector))));
    }
    return found;
  };

  return {
    namespaceLabels: (name) => cache.get(Namespace, { namespace: '', name })?.metadata.labels,
    claim: (namespace, name) => cache.get(PersistentVolumeClaim, { namespace, name }),
    volume: (name) => cache.get(PersistentVolume, { namespace: '', name }),
    volumesOfClass: (storageClass) => volumes.byIndex(byClass, storageClass),
    storageClass: (name) => cache.get(StorageClass, { namespace: '', name }),
    csiDriver: (name) => cache.get(CSIDriver, { namespace: '', name }),
    csiNode: (name) => cache.get(CSINode, { namespace: '', name }),
    capacitiesOf: (storageClass) => capacities.byIndex(byClass, storageClass),
    disruptionBudgets: (namespace) => cache.list(PodDisruptionBudget, namespace),
    siblings(pod) {
      const selectors = selectorsIn(pod.metadata.namespace ?? '').filter((selector) => selector.matches(pod.metadata.labels));
      const owner = ownerSelector(pod, cache);
      if (owner && !owner.isEmpty) selectors.push(owner);
      return together(selectors);
    },
    dispose: () => disposables.dispose(),
  };
}

/** What the controller of the pod selects, if it is of a kind whose pods are spread. */
function ownerSelector(pod: api.Pod, cache: Cache): Selector | undefined {
  const owner = controllerOf(pod);
  if (!owner) return undefined;
  const key = { namespace: pod.metadata.namespace ?? '', name: owner.name };
  switch (`${owner.apiVersion}/${owner.kind}`) {
    case 'v1/ReplicationController': {
      const controller = cache.get(ReplicationController, key);
      return controller && selectorFromMap(controller.spec?.selector);
    }
    case 'apps/v1/ReplicaSet':
      return selectorFromLabelSelector(cache.get(ReplicaSet, key)?.spec?.selector);
    case 'apps/v1/StatefulSet':
      return selectorFromLabelSelector(cache.get(StatefulSet, key)?.spec?.selector);
    default:
      return undefined;
  }
}

function together(selectors: readonly Selector[]): Selector | undefined {
  const requirements = new Map<string, Requirement>();
  for (const selector of selectors) {
    for (const r of selector.requirements) requirements.set(`${r.key} ${r.operator} ${r.values.join()}`, r);
  }
  if (requirements.size === 0) return undefined;
  const [only] = selectors;
  return selectors.length === 1 && only ? only : selectorFromRequirements([...requirements.values()]);
}
