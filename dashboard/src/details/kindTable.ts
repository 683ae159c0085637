/** The built-in kinds that can be listed and watched: one per group and kind. */
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { allKinds } from '#common/kinds/allKinds.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';

export const storedKinds: readonly KindDefinition[] = allKinds.filter(
  ({ virtual, storedAs, verbs }) => !virtual && !storedAs && verbs.includes('watch'),
);

export const kindNamed = (group: string, kind: string): KindDefinition | undefined =>
  storedKinds.find((each) => each.group === group && each.kind === kind);

export const definitionOf = (apiVersion: string, kind: string): KindDefinition | undefined =>
  kindNamed(parseApiVersion(apiVersion).group, kind);
