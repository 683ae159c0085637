/** The addresses that a load balancer reports, for Services and Ingresses alike. */
import { type FieldError, forbidden, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { ipErrors, parseIp } from '#common/api/ipAddress.ts';
import { dns1123SubdomainErrors } from '#common/api/names.ts';
import type { IngressLoadBalancerStatus, LoadBalancerIngress, LoadBalancerStatus } from '#common/schema/generated/types.ts';
import { oneOf, problemsAt } from './values.ts';

const ingressPath = FieldPath.of('status', 'loadBalancer', 'ingress');

export function validateLoadBalancerStatus(
  status: LoadBalancerStatus | IngressLoadBalancerStatus | undefined,
  expected = true,
): FieldError[] {
  const ingress = status?.ingress ?? [];
  if (ingress.length && !expected) return [forbidden(ingressPath, "may only be used when `spec.type` is 'LoadBalancer'")];
  return ingress.flatMap((address, i) => {
    const path = ingressPath.index(i);
    const errors: FieldError[] = [];
    if (address.ip) errors.push(...problemsAt(path.child('ip'), address.ip, ipErrors(address.ip)));
    const mode = (address as LoadBalancerIngress).ipMode;
    if (mode !== undefined && !address.ip)
      errors.push(forbidden(path.child('ipMode'), 'may not be specified when `ip` is not set'));
    else if (mode !== undefined) errors.push(...oneOf(path.child('ipMode'), mode, ['Proxy', 'VIP']));
    const hostname = address.hostname;
    if (hostname) {
      errors.push(...problemsAt(path.child('hostname'), hostname, dns1123SubdomainErrors(hostname)));
      if (parseIp(hostname)) errors.push(invalid(path.child('hostname'), hostname, 'must be a DNS name, not an IP address'));
    }
    return errors;
  });
}
