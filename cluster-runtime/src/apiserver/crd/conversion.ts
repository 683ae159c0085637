/**
 * How the versions of a custom resource relate: `None` conversion rewrites the apiVersion, and each version's schema takes
 * away what it does not know. What was stored under an older schema gets the defaults of the present one when it is read.
 *
 * Differs from Kubernetes: conversion webhooks are not called; versions with the strategy `Webhook` convert like `None`.
 */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type { CustomKind } from '#common/kinds/custom/customKind.ts';
import { withDefaults } from '#common/kinds/custom/schemaDefaults.ts';
import { pruneCustomObject } from '#common/schema/decodeCustom.ts';
import type { Conversion } from './convertedStore.ts';

export function conversionOf(served: CustomKind, stored: CustomKind): Conversion {
  const same = served.kind.version === stored.kind.version;
  return {
    toStored: (object) => (same ? object : pruned(stored, withApiVersion(object, stored))),
    fromStored(object) {
      const complete = pruned(stored, withDefaults(stored.schema, object) as KubeObject);
      return same ? withApiVersion(complete, served) : pruned(served, withApiVersion(complete, served));
    },
  };
}

function withApiVersion(object: KubeObject, { kind }: CustomKind): KubeObject {
  const apiVersion = apiVersionOf(kind);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** The same object when there is nothing to take away, so that its bytes stay good. */
function pruned({ type }: CustomKind, object: KubeObject): KubeObject {
  const result = pruneCustomObject(type, object);
  return deepEqual(result, object) ? object : result;
}
