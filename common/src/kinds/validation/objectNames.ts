/** The rules for metadata.name that kinds choose from. `prefix` says that the text is a generateName, to be continued. */
import { dns1123LabelErrors, dns1123SubdomainErrors, maskTrailingDash, pathSegmentNameErrors } from '#common/api/names.ts';

const masked =
  (validate: (name: string) => string[]) =>
  (name: string, prefix: boolean): string[] =>
    validate(prefix ? maskTrailingDash(name) : name);

/** Most kinds: `a.b-c`, 253 characters. */
export const subdomainName = masked((name) => dns1123SubdomainErrors(name));
/** Namespaces and Services, which become labels of DNS names. */
export const labelName = masked((name) => dns1123LabelErrors(name));
/** RBAC and others that only need to fit into a URL. */
export const pathSegmentName = (name: string, prefix: boolean): string[] => pathSegmentNameErrors(name, prefix);
