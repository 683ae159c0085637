/** The project's own API group: what Kubernetes has no API for. Its structures are in `schema/data/playground.json`. */
export const playgroundGroup = 'playground.kube';
export const playgroundVersion = 'v1alpha1';
