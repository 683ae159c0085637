/** All containers of a pod, in the order in which violations name them. */
import type { Container, EphemeralContainer, PodSpec, SecurityContext } from '#common/schema/generated/types.ts';

export type AnyContainer = Container | EphemeralContainer;

export const containersOf = ({ initContainers, containers, ephemeralContainers }: PodSpec): AnyContainer[] => [
  ...(initContainers ?? []),
  ...(containers ?? []),
  ...(ephemeralContainers ?? []),
];

/** The names of the containers whose security settings `matches` is true of; a container without settings has none of them. */
export const containersWhere = (spec: PodSpec, matches: (settings: SecurityContext) => boolean): string[] =>
  containersOf(spec)
    .filter(({ securityContext }) => matches(securityContext ?? {}))
    .map(({ name }) => name);
