/** Containers take no ports of their node. */
import type { Check, CheckedPod, Violation } from './check.ts';
import { containersOf } from './containersOf.ts';
import { containersNamed, distinct, plural } from './wording.ts';

export const hostPorts: Check = { id: 'hostPorts', level: 'baseline', rules: [{ since: 0, rule: takesNoHostPort }] };

function takesNoHostPort({ spec }: CheckedPod): Violation | undefined {
  const names: string[] = [];
  const taken: string[] = [];
  for (const { name, ports } of containersOf(spec)) {
    const own = ports?.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : [])) ?? [];
    if (own.length > 0) names.push(name);
    taken.push(...own);
  }
  if (names.length === 0) return undefined;
  const ports = distinct(taken);
  const verb = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'hostPort',
    detail: `${containersNamed(names)} ${verb} ${plural('hostPort', ports.length)} ${ports.join(', ')}`,
  };
}
