/** Which fields of a Service stay once they are set: its addresses, families and load balancer class. */
import { type FieldError, forbidden, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type { Service, ServiceSpec } from '#common/schema/generated/types.ts';
import { isHeadless, needsHealthCheckPort } from './service.ts';

const specPath = FieldPath.of('spec');
const fixed = 'may not change once set';

export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const spec = service.spec ?? {};
  const before = old.spec ?? {};
  const errors: FieldError[] = [];
  if (spec.type !== 'ExternalName' && before.type !== 'ExternalName') {
    errors.push(...validateClusterIpChange(spec, before), ...validateFamilyChange(spec, before));
  }
  if (before.type === 'LoadBalancer' && spec.type === 'LoadBalancer' && spec.loadBalancerClass !== before.loadBalancerClass) {
    errors.push(invalid(specPath.child('loadBalancerClass'), spec.loadBalancerClass, fixed));
  }
  const healthPortChanged = spec.healthCheckNodePort !== before.healthCheckNodePort;
  if (needsHealthCheckPort(spec) && needsHealthCheckPort(before) && healthPortChanged) {
    errors.push(forbidden(specPath.child('healthCheckNodePort'), 'field is immutable'));
  }
  return errors;
}

/** A second address may come and go with the policy; the first one stays. */
function validateClusterIpChange(spec: ServiceSpec, before: ServiceSpec): FieldError[] {
  if (isHeadless(spec) && isHeadless(before)) return [];
  const now = spec.clusterIPs ?? [];
  const then = before.clusterIPs ?? [];
  const path = specPath.child('clusterIPs');
  const errors: FieldError[] = [];
  if (then.length > 0 && now.length === 0) errors.push(invalid(path.index(0), now, 'primary clusterIP can not be unset'));
  for (let i = 0; i < Math.min(now.length, then.length); i++) {
    if (now[i] !== then[i]) errors.push(invalid(path.index(i), now, fixed));
  }
  const policy = spec.ipFamilyPolicy;
  if (then.length === 2 && now.length === 1 && policy !== 'SingleStack') {
    errors.push(
      invalid(specPath.child('ipFamilyPolicy'), policy, "must be set to 'SingleStack' when releasing the secondary clusterIP"),
    );
  }
  if (then.length === 1 && now.length === 2 && policy !== 'PreferDualStack' && policy !== 'RequireDualStack') {
    const text = "must be set to 'PreferDualStack' or 'RequireDualStack' when upgrading from single-stack to dual-stack";
    errors.push(invalid(specPath.child('ipFamilyPolicy'), policy, text));
  }
  return errors;
}

/** A family that does not fit the address that stays is reported with the address. */
function validateFamilyChange(spec: ServiceSpec, before: ServiceSpec): FieldError[] {
  const now = spec.ipFamilies ?? [];
  const then = before.ipFamilies ?? [];
  const path = specPath.child('ipFamilies');
  const errors: FieldError[] = [];
  if (then.length > 0 && now.length === 0) errors.push(invalid(path.index(0), now, 'primary ipFamily can not be unset'));
  const policy = spec.ipFamilyPolicy;
  if (then.length === 2 && now.length === 1 && policy !== 'SingleStack') {
    errors.push(invalid(specPath.child('ipFamilyPolicy'), policy, "must be 'SingleStack' to release the secondary IP family"));
  }
  return errors;
}
