/**
 * Kubernetes keeps what all versions of a definition have in common in one place, and that is where its messages find it:
 * `spec.validation`, `spec.subresources`, `spec.additionalPrinterColumns`, `spec.selectableFields`.
 */
import type { CustomResourceDefinitionVersion } from '#common/schema/generated/types.ts';
import { sameValue } from '../values.ts';

type Version = CustomResourceDefinitionVersion;
/** What may be common to all versions, or a version's own. */
export type VersionParts = Pick<Version, 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'> & {
  /** The status subresource is on, here or in common. */
  hasStatus: boolean;
};

export interface Hoisted {
  common: VersionParts;
  /** The versions without what they have in common. */
  versions: (Version & VersionParts)[];
}

const parts = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;

export function hoistVersions(given: readonly Version[]): Hoisted {
  const common: VersionParts = { hasStatus: given.some((version) => version.subresources?.status !== undefined) };
  const versions = given.map((version) => ({ ...version, hasStatus: version.subresources?.status !== undefined }));
  for (const part of parts) {
    if (!given.every((version) => sameValue(version[part], given[0]?.[part]))) continue;
    Object.assign(common, given[0]?.[part] === undefined ? {} : { [part]: given[0][part] });
    for (const version of versions) delete version[part];
  }
  return { common, versions };
}
