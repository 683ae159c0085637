/** How Kubernetes writes maps, selectors and lists into a table's cells. */
import type { LabelSelector, LabelSelectorRequirement } from '#common/api/meta.ts';
import type { IngressLoadBalancerStatus, LoadBalancerStatus } from '#common/schema/generated/types.ts';

/** `a=1,b=2`, sorted; `<none>` when empty. */
export function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(map ?? {}).sort();
  return keys.length ? keys.map((key) => `${key}=${map?.[key] ?? ''}`).join(',') : '<none>';
}

const operatorTexts: Readonly<Record<string, (r: LabelSelectorRequirement, values: string) => string>> = {
  In: (r, values) => `${r.key} in (${values})`,
  NotIn: (r, values) => `${r.key} notin (${values})`,
  Exists: (r) => r.key,
  DoesNotExist: (r) => `!${r.key}`,
};

/** `a=2,!d,e,k in (a,b)`, sorted by key; `<none>` for an empty selector, `<error>` for one that makes no sense. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  if (!selector) return '<none>';
  const parts: { key: string; text: string }[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }));
  for (const requirement of selector.matchExpressions ?? []) {
    const write = Object.hasOwn(operatorTexts, requirement.operator) ? operatorTexts[requirement.operator] : undefined;
    if (!write) return '<error>';
    parts.push({ key: requirement.key, text: write(requirement, [...(requirement.values ?? [])].sort().join(',')) });
  }
  parts.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return parts.length ? parts.map((part) => part.text).join(',') : '<none>';
}

/** The first `max` of `items`, then how many more: `a,b,c + 2 more...`. */
export function firstFew(items: readonly string[], total = items.length, max = 3): string {
  const text = items.slice(0, max).join(',');
  return total > max ? `${text} + ${total - max} more...` : text;
}

/** The addresses that a load balancer has reported, sorted. */
export function loadBalancerText(status: LoadBalancerStatus | IngressLoadBalancerStatus | undefined): string {
  const addresses = (status?.ingress ?? []).map((ingress) => ingress.ip || (ingress.hostname ?? '')).filter(Boolean);
  return [...new Set(addresses)].sort().join(',');
}
