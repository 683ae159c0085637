import type { Plugin, Rejection } from '../plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't match the requested node name"], unresolvable: true };

/** A pod that names its node goes nowhere else. */
export const nodeName: Plugin = {
  name: 'NodeName',
  planFilter(pod) {
    const wanted = pod.spec?.nodeName;
    return wanted ? { filter: ({ name }) => (name === wanted ? undefined : rejection) } : undefined;
  },
  mayHelp: (pod, change) => change.type === 'node' && change.node.metadata.name === pod.spec?.nodeName,
};
