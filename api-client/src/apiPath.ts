/** Addresses of the API: where a group's version begins, and where objects are in it. */

/** `/api/v1`, `/apis/apps/v1`. */
export const rootOf = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

/** The collection, or with a name one object of it. Without a namespace: of all namespaces, or of the cluster. */
export function resourcePath(apiVersion: string, plural: string, namespace?: string, name?: string): string {
  const within = namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${rootOf(apiVersion)}${within}/${plural}${name ? `/${encodeURIComponent(name)}` : ''}`;
}

/** The path with its query; what is undefined is left out, a list repeats its name. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, String(each));
  }
  const text = parameters.toString();
  return text ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path;
}
