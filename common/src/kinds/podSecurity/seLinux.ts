/** SELinux: the types made for containers, and neither user nor role. */
import type { SELinuxOptions } from '#common/schema/generated/types.ts';
import type { Check, CheckedPod, Rule, Violation } from './check.ts';
import { containersWhere } from './containersOf.ts';
import { distinct, plural, quoted, setters } from './wording.ts';

const oldTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

export const seLinuxOptions: Check = {
  id: 'seLinuxOptions',
  level: 'baseline',
  rules: [
    { since: 0, rule: keepsTo(oldTypes) },
    { since: 31, rule: keepsTo([...oldTypes, 'container_engine_t']) },
  ],
};

function keepsTo(types: readonly string[]): Rule {
  return (pod) => checkOptions(pod, types);
}

function checkOptions({ spec }: CheckedPod, allowed: readonly string[]): Violation | undefined {
  const types: string[] = [];
  let [user, role] = [false, false];
  const isWrong = ({ type = '', ...options }: SELinuxOptions = {}): boolean => {
    const wrongType = !allowed.includes(type);
    if (wrongType) types.push(type);
    user ||= Boolean(options.user);
    role ||= Boolean(options.role);
    return wrongType || Boolean(options.user) || Boolean(options.role);
  };
  const pod = isWrong(spec.securityContext?.seLinuxOptions);
  const containers = containersWhere(spec, (settings) => isWrong(settings.seLinuxOptions));
  if (!pod && containers.length === 0) return undefined;
  const wrong = distinct(types);
  const details = [
    ...(wrong.length > 0 ? [`${plural('type', wrong.length)} ${quoted(wrong)}`] : []),
    ...(user ? ['user may not be set'] : []),
    ...(role ? ['role may not be set'] : []),
  ];
  return {
    reason: 'seLinuxOptions',
    detail: `${setters(pod, containers)} set forbidden securityContext.seLinuxOptions: ${details.join('; ')}`,
  };
}
