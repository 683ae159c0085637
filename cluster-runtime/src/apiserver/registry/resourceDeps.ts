/** What every operation of a served resource works with. */
import type { Clock } from '#common/base/clock.ts';
import type { Random } from '#common/base/random.ts';
import type { StructType } from '#common/api/schemaType.ts';
import type { GroupResource } from '#common/api/groupVersion.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Store } from '../../store/store.ts';
import type { AdmissionChain } from '../admission/admission.ts';
import type { ServiceAllocator } from './serviceAllocator.ts';
import type { Storage } from './storage.ts';

export interface SharedDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly admission: AdmissionChain;
  readonly services: ServiceAllocator;
}

export interface ResourceDeps extends SharedDeps {
  readonly kind: KindDefinition;
  readonly type: StructType;
  readonly storage: Storage;
  readonly groupResource: GroupResource;
  /** Why nothing can be created: the CustomResourceDefinition is being deleted. */
  readonly refusesCreation?: string;
}
