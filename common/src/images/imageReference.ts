/**
 * Image names: how they are completed (`nginx` is `docker.io/library/nginx:latest`) and which ones no registry could
 * have. The words are those of the reference grammar that container runtimes share.
 */

export interface ImageReference {
  /** `docker.io/library/nginx` */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` */
  readonly digest?: string;
  /** In full, `docker.io/library/nginx:1.27`. */
  readonly name: string;
}

const domainPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domainPattern = new RegExp(`^(?:${domainPart}(?:\\.${domainPart})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`);
const pathPart = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const pathPattern = new RegExp(`^${pathPart}(?:/${pathPart})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/;

/** The reference, or what is wrong with the name. */
export function readImageReference(image: string): ImageReference | { readonly problem: string } {
  if (/^[a-f0-9]{64}$/.test(image))
    return problem(`invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`);
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const isDomain = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  let domain = isDomain ? first : 'docker.io';
  let rest = isDomain ? image.slice(slash + 1) : image;
  if (domain === 'index.docker.io') domain = 'docker.io';
  if (domain === 'docker.io' && !rest.includes('/')) rest = `library/${rest}`;

  const colon = rest.indexOf(':');
  const remoteName = colon < 0 ? rest : rest.slice(0, colon);
  if (remoteName.toLowerCase() !== remoteName) {
    return problem(`invalid reference format: repository name (${remoteName}) must be lowercase`);
  }

  const at = rest.indexOf('@');
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const named = at < 0 ? rest : rest.slice(0, at);
  const tagAt = named.indexOf(':');
  const path = tagAt < 0 ? named : named.slice(0, tagAt);
  const tag = tagAt < 0 ? undefined : named.slice(tagAt + 1);
  const wellFormed =
    domainPattern.test(domain) &&
    pathPattern.test(path) &&
    (tag === undefined || tagPattern.test(tag)) &&
    (digest === undefined || digestPattern.test(digest));
  if (!wellFormed) return problem('invalid reference format');
  const repository = `${domain}/${path}`;
  if (repository.length > 255) return problem('repository name must not be more than 255 characters');

  if (digest !== undefined) {
    return { repository, tag: tag ?? '', digest, name: `${repository}${tag ? `:${tag}` : ''}@${digest}` };
  }
  return { repository, tag: tag ?? 'latest', name: `${repository}:${tag ?? 'latest'}` };
}

const problem = (text: string): { readonly problem: string } => ({ problem: text });
