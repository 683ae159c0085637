/** What a NetworkPolicy may say, in the order and words of Kubernetes 1.36. */
import { type FieldError, forbidden, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { type Cidr, cidrContains, cidrErrors, networkOf, parseCidr } from '#common/api/ipAddress.ts';
import { portNumberErrors } from '#common/api/names.ts';
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '#common/schema/generated/types.ts';
import { validateLabelSelector } from './labelSelector.ts';
import { validatePortNumberOrName } from './service.ts';
import { oneOf, problemsAt } from './values.ts';

const specPath = FieldPath.of('spec');

export function validateNetworkPolicy(policy: NetworkPolicy): FieldError[] {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = policy.spec ?? { podSelector: {} };
  const errors: FieldError[] = [];
  if (podSelector) validateLabelSelector(podSelector, specPath.child('podSelector'), errors);
  ingress.forEach((rule, i) => checkRule(rule.ports, rule.from, 'from', specPath.child('ingress').index(i), errors));
  egress.forEach((rule, i) => checkRule(rule.ports, rule.to, 'to', specPath.child('egress').index(i), errors));
  const typesPath = specPath.child('policyTypes');
  if (policyTypes.length > 2) {
    errors.push(invalid(typesPath, policyTypes, 'may not specify more than two policyTypes'));
  } else {
    policyTypes.forEach((type, i) => errors.push(...oneOf(typesPath.index(i), type, ['Ingress', 'Egress'])));
  }
  return errors;
}

function checkRule(
  ports: readonly NetworkPolicyPort[] | undefined,
  peers: readonly NetworkPolicyPeer[] | undefined,
  peersField: 'from' | 'to',
  path: FieldPath,
  errors: FieldError[],
): void {
  ports?.forEach((port, i) => checkPort(port, path.child('ports').index(i), errors));
  peers?.forEach((peer, i) => checkPeer(peer, path.child(peersField).index(i), errors));
}

function checkPort({ protocol, port, endPort }: NetworkPolicyPort, path: FieldPath, errors: FieldError[]): void {
  if (protocol !== undefined) errors.push(...oneOf(path.child('protocol'), protocol, ['TCP', 'UDP', 'SCTP']));
  const endPath = path.child('endPort');
  if (port === undefined) {
    if (endPort !== undefined) errors.push(invalid(endPath, endPort, 'may not be specified when `port` is not specified'));
    return;
  }
  errors.push(...validatePortNumberOrName(port, path.child('port')));
  if (endPort === undefined) return;
  if (typeof port === 'string') errors.push(invalid(endPath, endPort, 'may not be specified when `port` is non-numeric'));
  else {
    // The message is about the end, the quoted value is the start.
    if (endPort < port) errors.push(invalid(endPath, port, 'must be greater than or equal to `port`'));
    errors.push(...problemsAt(endPath, endPort, portNumberErrors(endPort)));
  }
}

function checkPeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: FieldPath, errors: FieldError[]): void {
  if (podSelector) validateLabelSelector(podSelector, path.child('podSelector'), errors);
  if (namespaceSelector) validateLabelSelector(namespaceSelector, path.child('namespaceSelector'), errors);
  if (ipBlock) errors.push(...validateIpBlock(ipBlock, path.child('ipBlock')));
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(path, 'must specify a peer'));
  else if (ipBlock && (podSelector || namespaceSelector)) {
    errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
  }
}

function validateIpBlock({ cidr = '', except = [] }: IPBlock, path: FieldPath): FieldError[] {
  if (!cidr) return [required(path.child('cidr'))];
  const problems = cidrErrors(cidr);
  const whole = parseCidr(cidr);
  if (problems.length || !whole) return problemsAt(path.child('cidr'), cidr, problems);
  return except.flatMap((text, i) => {
    const at = path.child('except').index(i);
    const errors = problemsAt(at, text, cidrErrors(text));
    const part = parseCidr(text);
    if (!errors.length && part && !isStrictSubset(part, whole)) {
      errors.push(invalid(at, text, 'must be a strict subset of `cidr`'));
    }
    return errors;
  });
}

const isStrictSubset = (part: Cidr, whole: Cidr): boolean => cidrContains(whole, networkOf(part)) && part.prefix > whole.prefix;
