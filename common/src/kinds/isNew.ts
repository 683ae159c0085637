import type { KubeObject } from '#common/api/meta.ts';

/** Whether the object has never been stored: some rules hold for new objects only. */
export const isNew = (object: KubeObject): boolean => !object.metadata.resourceVersion;
