/** Group, version and kind (what an object says it is), and group, version and resource (where it is served). */
export interface GroupVersion {
  group: string;
  version: string;
}

export interface GroupVersionKind extends GroupVersion {
  kind: string;
}

export interface GroupVersionResource extends GroupVersion {
  resource: string;
}

export interface GroupResource {
  group: string;
  resource: string;
}

/** `v1` for the core group, `apps/v1` for the others. */
export const apiVersionOf = (gv: GroupVersion): string => (gv.group ? `${gv.group}/${gv.version}` : gv.version);

export function parseApiVersion(apiVersion: string): GroupVersion {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** `pods`, `deployments.apps`: how error messages name a resource. */
export const groupResourceText = (gr: GroupResource): string => (gr.group ? `${gr.resource}.${gr.group}` : gr.resource);
