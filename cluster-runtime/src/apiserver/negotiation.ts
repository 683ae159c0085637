/**
 * Accept and Content-Type. Headers repeat a few dozen texts, so every parsed header is remembered. Answers are JSON or
 * YAML; what protobuf clients also offer (`…protobuf,application/json`) is met with JSON.
 * Differs from Kubernetes: protobuf is read and never written.
 */
import { ApiError } from '#common/api/status.ts';

export type MediaType = 'application/json' | 'application/yaml';

export interface Negotiated {
  readonly mediaType: MediaType;
  /** What the object is to be turned into. */
  readonly as: '' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  readonly asVersion: 'v1' | 'v1beta1';
  readonly pretty: boolean;
  readonly watch: boolean;
}

interface Clause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly q: number;
}

export const protobufType = 'application/vnd.kubernetes.protobuf';
export const acceptedTypes = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
const watchTypes = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';

/** The clauses of an Accept header, best first; equal quality keeps the order of the header. */
export function parseAccept(header: string): Clause[] {
  const clauses: Clause[] = [];
  for (const part of header.split(',')) {
    const [type = '', ...rest] = part.split(';');
    if (!type.trim()) continue;
    const parameters = new Map<string, string>();
    let q = 1;
    for (const parameter of rest) {
      const equals = parameter.indexOf('=');
      if (equals < 0) continue;
      const name = parameter.slice(0, equals).trim();
      const value = parameter.slice(equals + 1).trim();
      if (name === 'q') q = Number.isNaN(Number(value)) ? 1 : Number(value);
      else parameters.set(name, value);
    }
    clauses.push({ type: type.trim().toLowerCase(), parameters, q });
  }
  return clauses.sort((a, b) => b.q - a.q);
}

const conversions = new Set(['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']);

function matchClause(clause: Clause): Negotiated | undefined {
  let mediaType: MediaType;
  switch (clause.type) {
    case 'application/json':
    case '*/*':
    case 'application/*':
      mediaType = 'application/json';
      break;
    case 'application/yaml':
      mediaType = 'application/yaml';
      break;
    default:
      return undefined;
  }
  let as: Negotiated['as'] = '';
  let asVersion: Negotiated['asVersion'] = 'v1';
  const wanted = clause.parameters.get('as');
  if (wanted !== undefined) {
    const version = clause.parameters.get('v');
    if (!conversions.has(wanted) || clause.parameters.get('g') !== 'meta.k8s.io') return undefined;
    if (version !== 'v1' && version !== 'v1beta1') return undefined;
    as = wanted as Negotiated['as'];
    asVersion = version;
  }
  return {
    mediaType,
    as,
    asVersion,
    pretty: clause.parameters.get('pretty') === '1',
    watch: clause.parameters.get('stream') === 'watch',
  };
}

const plainJson: Negotiated = { mediaType: 'application/json', as: '', asVersion: 'v1', pretty: false, watch: false };

/** The first layer refuses by media type alone; the second by conversion. Both say what they would have taken. */
type Outcome = { readonly ok: Negotiated } | { readonly refusedBy: 'type' | 'conversion' };

const jsonForProtobuf: Outcome = { ok: plainJson };

const remembered = new Map<string, Outcome>();
const maxRemembered = 500;

function negotiateUncached(header: string): Outcome {
  const clauses = parseAccept(header);
  if (clauses.length === 0) return { ok: plainJson };
  for (const clause of clauses) {
    const match = matchClause(clause);
    if (match) return { ok: match };
  }
  // Whoever offers protobuf alone reads JSON just as well: clients decode by the answer's Content-Type.
  if (clauses.some((c) => c.type === protobufType && !c.parameters.has('as'))) return jsonForProtobuf;
  const known = clauses.some((c) => c.type === 'application/json' || c.type === 'application/yaml' || c.type === protobufType);
  return { refusedBy: known ? 'conversion' : 'type' };
}

function outcome(header: string | undefined): Outcome {
  if (header === undefined || header === 'application/json') return { ok: plainJson };
  let found = remembered.get(header);
  if (!found) {
    found = negotiateUncached(header);
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(header, found);
  }
  return found;
}

/** What the answer to a built-in resource looks like. `list`: the address serves a watch, too. */
export function negotiate(header: string | undefined, list: boolean, custom: boolean): Negotiated {
  const found = outcome(header);
  // Custom resources have no protobuf form, and nobody takes JSON for it there.
  if (found === jsonForProtobuf && custom) throw onlyAccepted(acceptedTypes);
  if ('ok' in found) return found.ok;
  if (found.refusedBy === 'type' && !custom)
    throw notAcceptableRepresentation(list ? `${acceptedTypes}, ${watchTypes}` : acceptedTypes);
  throw onlyAccepted(acceptedTypes);
}

/** A watch is a stream of JSON documents; YAML has no such form. */
export function negotiateWatch(header: string | undefined, custom: boolean): Negotiated {
  const found = negotiate(header, true, custom);
  if (found.mediaType !== 'application/json') throw onlyAccepted(watchTypes);
  return found;
}

/** How errors are written to this client; never fails. */
export function negotiateError(header: string | undefined): MediaType {
  const found = outcome(header);
  return 'ok' in found ? found.ok.mediaType : 'application/json';
}

export const notAcceptableRepresentation = (types: string): ApiError =>
  new ApiError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${types}`, {});

export const onlyAccepted = (types: string): ApiError =>
  new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${types}`);

export const unknownBodyFormat = (types: string): ApiError =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${types}`,
  );

/** The media type of a body without its parameters, in lower case; empty when the header is absent. */
export function bodyMediaType(contentType: string | undefined): string {
  if (!contentType) return '';
  const semicolon = contentType.indexOf(';');
  return (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}
