/** How violations name containers, volumes and values. Nothing in the quotes is escaped, as in Kubernetes. */

/** `"a", "b"`. */
export const quoted = (values: Iterable<string>): string => Array.from(values, (value) => `"${value}"`).join(', ');

/** Each value once, in the order of their characters. */
export const distinct = (values: Iterable<string>): string[] => [...new Set(values)].sort();

export const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`);

/** `container "a"` or `containers "a", "b"`. */
export const containersNamed = (names: readonly string[]): string => `${plural('container', names.length)} ${quoted(names)}`;

/** Those who set something themselves: `pod`, `container "a"`, `pod and containers "a", "b"`. */
export const setters = (pod: boolean, containers: readonly string[]): string =>
  [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [containersNamed(containers)] : [])].join(' and ');
