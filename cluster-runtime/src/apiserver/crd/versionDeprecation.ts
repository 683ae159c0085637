/** What users of a deprecated version of a custom resource are told. */
import type { CustomResourceDefinitionSpec } from '#common/schema/generated/types.ts';
import { compareCustomVersions } from '../discovery/groupVersions.ts';

/** The definition's own text, or one that names the version to use instead; undefined for a version that is fine. */
export function deprecationWarningOf({ group, names, versions }: CustomResourceDefinitionSpec, name: string): string | undefined {
  const version = versions.find((one) => one.name === name);
  if (!version?.deprecated) return undefined;
  if (version.deprecationWarning !== undefined) return version.deprecationWarning;
  const better = versions
    .filter((one) => one.served && !one.deprecated && compareCustomVersions(one.name, name) < 0)
    .sort((a, b) => compareCustomVersions(a.name, b.name))[0];
  const text = `${group}/${name} ${names.kind} is deprecated`;
  return better ? `${text}; use ${group}/${better.name} ${names.kind}` : text;
}
