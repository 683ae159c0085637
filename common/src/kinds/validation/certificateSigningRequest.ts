/**
 * What a certificate request and its status may say.
 * Differs from Kubernetes: of the PEM blocks only the frame and the outermost DER structure are read here; a request that
 * is malformed further in is refused by the signer, not at creation.
 */
import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooLong } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors } from '#common/api/names.ts';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from '#common/schema/generated/types.ts';
import { textOfBase64 } from './base64.ts';
import { oneOf } from './values.ts';

const specPath = FieldPath.of('spec');
const conditionsPath = FieldPath.of('status', 'conditions');
const tenMinutes = 600;
const maxSignerNameLength = 571;
const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

export function validateRequest(request: CertificateSigningRequest): FieldError[] {
  const spec = request.spec ?? {};
  const errors: FieldError[] = [];
  if (!hasPemBlock(spec.request, 'CERTIFICATE REQUEST')) {
    errors.push(invalid(specPath.child('request'), spec.request || null, 'PEM block type must be CERTIFICATE REQUEST'));
  }
  const usagesPath = specPath.child('usages');
  const wanted = spec.usages ?? [];
  if (!wanted.length) errors.push(required(usagesPath));
  wanted.forEach((usage, i) => {
    if (!usages.includes(usage)) errors.push(notSupported(usagesPath.index(i), usage, usages));
  });
  wanted.forEach((usage, i) => {
    if (wanted.indexOf(usage) < i) errors.push(duplicate(usagesPath.index(i), usage));
  });
  const signerPath = specPath.child('signerName');
  if (spec.signerName === 'kubernetes.io/legacy-unknown') {
    errors.push(invalid(signerPath, spec.signerName, 'the legacy signerName is not allowed via this API version'));
  } else {
    errors.push(...validateSignerName(spec.signerName ?? '', signerPath));
  }
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < tenMinutes) {
    const text = 'may not specify a duration less than 600 seconds (10 minutes)';
    errors.push(invalid(specPath.child('expirationSeconds'), spec.expirationSeconds, text));
  }
  return errors;
}

/** `example.com/signer`: a domain of at least two parts, and a path of subdomains. Errors quote the part they are about. */
function validateSignerName(name: string, path: FieldPath): FieldError[] {
  if (!name) return [required(path)];
  const parts = name.split('/');
  if (parts.length !== 2) {
    return [invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  }
  const [domain = '', rest = ''] = parts;
  const errors: FieldError[] = [];
  const labels = domain.split('.');
  const report = (part: string, label: string, problems: readonly string[]): boolean => {
    for (const problem of problems) errors.push(invalid(path, part, `validating label "${label}": ${problem}`));
    return problems.length > 0;
  };
  // The first wrong label is enough.
  labels.some((label) => report(domain, label, dns1123LabelErrors(label)));
  if (labels.length < 2) errors.push(invalid(path, domain, 'should be a domain with at least two segments separated by dots'));
  rest.split('.').some((label) => report(rest, label, dns1123SubdomainErrors(label)));
  if (name.length > maxSignerNameLength) errors.push(tooLong(path, maxSignerNameLength));
  return errors;
}

/** The first PEM block, whatever stands before it, is of this type. */
function hasPemBlock(base64: string | undefined, type: string): boolean {
  const text = base64 ? textOfBase64(base64) : '';
  const match = /-----BEGIN ([^-]*)-----\s([A-Za-z0-9+/=\s]*)-----END \1-----/.exec(text);
  return match?.[1] === type;
}

/** Problems of a status, whichever subresource wrote it: conditions are only added, and say yes or no once. */
export function validateStatus(request: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] {
  return [...validateConditions(request), ...validateConditionChange(request, old, []), ...validateCertificate(request)];
}

/** As `validateStatus`, for `/approval`, where approving and denying is what it is for. */
export function validateApproval(request: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] {
  return [...validateConditions(request), ...validateConditionChange(request, old, ['Approved', 'Denied'])];
}

function validateConditions({ status }: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = [];
  const conditions = status?.conditions ?? [];
  const seen = new Set<string>();
  let verdict: string | undefined;
  conditions.forEach(({ type = '', status: value = '' }, i) => {
    const path = conditionsPath.index(i);
    if (!type) errors.push(required(path.child('type')));
    const verdictType = ['Approved', 'Denied', 'Failed'].includes(type);
    if (!value) errors.push(required(path.child('status')));
    else errors.push(...oneOf(path.child('status'), value, verdictType ? ['True'] : ['False', 'True', 'Unknown']));
    if (type === 'Approved' || type === 'Denied') {
      if (verdict !== undefined && verdict !== type) {
        errors.push(invalid(conditionsPath, type, 'Approved and Denied conditions are mutually exclusive'));
      }
      verdict = type;
    }
    if (seen.has(type)) errors.push(duplicate(path.child('type'), type));
    seen.add(type);
  });
  return errors;
}

function validateConditionChange(
  { status }: CertificateSigningRequest,
  old: CertificateSigningRequest,
  mayAdd: readonly string[],
): FieldError[] {
  const count = (conditions: readonly CertificateSigningRequestCondition[] | undefined, type: string): number =>
    (conditions ?? []).filter((condition) => condition.type === type).length;
  return ['Approved', 'Denied', 'Failed'].flatMap((type) => {
    const [before, after] = [count(old.status?.conditions, type), count(status?.conditions, type)];
    if (after < before) return [forbidden(conditionsPath, `updates may not remove a condition of type "${type}"`)];
    if (after > before && type !== 'Failed' && !mayAdd.includes(type)) {
      return [forbidden(conditionsPath, `updates may not add a condition of type "${type}"`)];
    }
    return [];
  });
}

function validateCertificate({ status }: CertificateSigningRequest): FieldError[] {
  if (!status?.certificate || hasPemBlock(status.certificate, 'CERTIFICATE')) return [];
  const text = 'must contain at least one CERTIFICATE PEM block';
  return [invalid(FieldPath.of('status', 'certificate'), '<certificate data>', text)];
}
