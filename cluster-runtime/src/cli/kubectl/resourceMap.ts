/** What a person calls a resource (`po`, `deployments.apps`, `Pod`), and which one is meant: the cluster's discovery decides. */
import type { ApiResource } from '#apiClient/discovery.ts';
import { plainError } from './kubectlError.ts';

export class ResourceMap {
  readonly #load: (fresh: boolean) => Promise<readonly ApiResource[]>;

  constructor(load: (fresh: boolean) => Promise<readonly ApiResource[]>) {
    this.#load = load;
  }

  all(): Promise<readonly ApiResource[]> {
    return this.#load(false);
  }

  /** One resource per group and name, in the version that the group prefers. */
  async preferred(): Promise<readonly ApiResource[]> {
    const seen = new Set<string>();
    return (await this.all()).filter(({ group, plural }) => {
      const key = `${plural}.${group}`;
      return !seen.has(key) && seen.add(key);
    });
  }

  async find(given: string): Promise<ApiResource> {
    const found = match(await this.all(), given);
    if (!found) throw plainError(`the server doesn't have a resource type "${given}"`);
    return found;
  }

  /** Those of `a,b` and of categories such as `all`. */
  async findAll(given: string): Promise<ApiResource[]> {
    const found: ApiResource[] = [];
    for (const part of given.split(',')) {
      const ofCategory = (await this.preferred()).filter(({ categories }) => categories.includes(part));
      found.push(...(ofCategory.length > 0 ? ofCategory : [await this.find(part)]));
    }
    return found.filter((resource, i) => found.indexOf(resource) === i);
  }

  /** The resource of an object's kind; a definition that was made just now is looked for once more. */
  async ofKind(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    const isIt = (resource: ApiResource): boolean => resource.apiVersion === apiVersion && resource.kind === kind;
    return (await this.all()).find(isIt) ?? (await this.#load(true)).find(isIt);
  }
}

function match(resources: readonly ApiResource[], given: string): ApiResource | undefined {
  const name = given.toLowerCase();
  const dot = name.indexOf('.');
  const [base, rest] = dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
  const isNamed = ({ plural, singular, kind }: ApiResource): boolean =>
    plural === base || singular === base || kind.toLowerCase() === base;
  const inGroup = ({ group, version }: ApiResource): boolean =>
    rest === undefined || group === rest || `${version}.${group}` === rest || (group === '' && rest === version);
  return (
    resources.find((resource) => isNamed(resource) && inGroup(resource)) ??
    resources.find((resource) => resource.shortNames.includes(base) && inGroup(resource)) ??
    // An unfinished name of a group is enough: `deployments.app`.
    (rest === undefined ? undefined : resources.find((resource) => isNamed(resource) && resource.group.startsWith(rest)))
  );
}

/** `deployment.apps`: how results name a kind. */
export const kindText = ({ kind, group }: Pick<ApiResource, 'kind' | 'group'>): string =>
  group ? `${kind.toLowerCase()}.${group}` : kind.toLowerCase();

/** `deployments.apps` */
export const resourceText = ({ plural, group }: ApiResource): string => (group ? `${plural}.${group}` : plural);
