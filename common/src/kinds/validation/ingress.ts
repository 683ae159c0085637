/** What an Ingress may say, in the order and words of Kubernetes 1.36. */
import { type FieldError, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { parseIp } from '#common/api/ipAddress.ts';
import {
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  pathSegmentNameErrors,
  portNameErrors,
  portNumberErrors,
  wildcardSubdomainErrors,
} from '#common/api/names.ts';
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressRule,
  IngressTLS,
  TypedLocalObjectReference,
} from '#common/schema/generated/types.ts';
import { problemsAt } from './values.ts';

const specPath = FieldPath.of('spec');
const classAnnotation = 'kubernetes.io/ingress.class';
const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const forbiddenSequences = ['//', '/./', '/../', '%2f', '%2F'];
const forbiddenEndings = ['/..', '/.'];

export function validateIngress(ingress: Ingress): FieldError[] {
  const spec = ingress.spec ?? {};
  const errors: FieldError[] = [];
  if (!spec.rules?.length && !spec.defaultBackend) {
    errors.push(invalid(specPath, spec.rules, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (spec.defaultBackend) errors.push(...validateBackend(spec.defaultBackend, specPath.child('defaultBackend')));
  spec.rules?.forEach((rule, i) => errors.push(...validateRule(rule, specPath.child('rules').index(i))));
  spec.tls?.forEach((tls, i) => errors.push(...validateTls(tls, specPath.child('tls').index(i))));
  const className = spec.ingressClassName;
  if (className !== undefined) {
    errors.push(...problemsAt(specPath.child('ingressClassName'), className, dns1123SubdomainErrors(className)));
  }
  const annotation = ingress.metadata.annotations?.[classAnnotation];
  if (annotation !== undefined && className !== undefined && annotation !== className) {
    const path = FieldPath.of('annotations', classAnnotation);
    errors.push(invalid(path, annotation, 'must match `ingressClassName` when both are specified'));
  }
  return errors;
}

const hostErrors = (host: string): string[] =>
  host.includes('*') ? wildcardSubdomainErrors(host) : dns1123SubdomainErrors(host);

function validateRule(rule: IngressRule, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { host, http } = rule;
  if (host) {
    if (parseIp(host)) errors.push(invalid(path.child('host'), host, 'must be a DNS name, not an IP address'));
    else errors.push(...problemsAt(path.child('host'), host, hostErrors(host)));
  }
  if (!http) return errors;
  const pathsPath = path.child('http', 'paths');
  if (!http.paths?.length) errors.push(required(pathsPath));
  http.paths?.forEach((rulePath, i) => errors.push(...validatePath(rulePath, pathsPath.index(i))));
  return errors;
}

function validatePath({ path: text = '', pathType, backend }: HTTPIngressPath, path: FieldPath): FieldError[] {
  if (pathType === undefined || pathType === null) return [required(path.child('pathType'), 'pathType must be specified')];
  const errors: FieldError[] = [];
  const at = path.child('path');
  const absolute = text.startsWith('/');
  switch (pathType) {
    case 'Exact':
    case 'Prefix':
      if (!absolute) errors.push(invalid(at, text, 'must be an absolute path'));
      for (const sequence of forbiddenSequences) {
        if (text.includes(sequence)) errors.push(invalid(at, text, `must not contain '${sequence}'`));
      }
      for (const ending of forbiddenEndings) {
        if (text.endsWith(ending)) errors.push(invalid(at, text, `cannot end with '${ending}'`));
      }
      break;
    case 'ImplementationSpecific':
      if (text && !absolute) errors.push(invalid(at, text, 'must be an absolute path'));
      break;
    default:
      errors.push(notSupported(path.child('pathType'), pathType, pathTypes));
  }
  return [...errors, ...validateBackend(backend ?? {}, path.child('backend'))];
}

function validateBackend({ service, resource }: IngressBackend, path: FieldPath): FieldError[] {
  if (service && resource) return [invalid(path, '', 'cannot set both resource and service backends')];
  if (resource) return validateTypedReference(resource, path.child('resource'));
  if (!service) return [invalid(path, '', 'resource or service backend is required')];
  const servicePath = path.child('service');
  const errors = service.name
    ? problemsAt(servicePath.child('name'), service.name, dns1123LabelErrors(service.name))
    : [required(servicePath.child('name'))];
  const { name, number } = service.port ?? {};
  if (name && number) errors.push(invalid(path, '', 'cannot set both port name & port number'));
  else if (name) errors.push(...problemsAt(servicePath.child('port', 'name'), name, portNameErrors(name)));
  else if (number) errors.push(...problemsAt(servicePath.child('port', 'number'), number, portNumberErrors(number)));
  else errors.push(required(path, 'port name or number is required'));
  return errors;
}

/** A reference by group, kind and name inside the same namespace. */
export function validateTypedReference(reference: TypedLocalObjectReference, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { apiGroup } = reference;
  if (apiGroup !== undefined && apiGroup !== null) {
    errors.push(...problemsAt(path.child('apiGroup'), apiGroup, dns1123SubdomainErrors(apiGroup)));
  }
  for (const field of ['kind', 'name'] as const) {
    const value = reference[field];
    if (value) errors.push(...problemsAt(path.child(field), value, pathSegmentNameErrors(value)));
    else errors.push(required(path.child(field)));
  }
  return errors;
}

function validateTls(tls: IngressTLS, path: FieldPath): FieldError[] {
  const errors = (tls.hosts ?? []).flatMap((host, i) => problemsAt(path.child('hosts').index(i), host, hostErrors(host)));
  if (tls.secretName)
    errors.push(...problemsAt(path.child('secretName'), tls.secretName, dns1123SubdomainErrors(tls.secretName)));
  return errors;
}
