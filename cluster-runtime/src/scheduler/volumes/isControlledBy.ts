import { controllerOf, type KubeObject } from '#common/api/meta.ts';

export const isControlledBy = (object: KubeObject, owner: KubeObject): boolean =>
  controllerOf(object)?.uid === owner.metadata.uid;
