import type { Plugin, Rejection } from '../plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't match the requested node name"], unresolvable: true };

/** A pod that names its node goes nowhere else. */
export const nodeName: Plugin = {
  name: 'NodeName',
  filter: (pod, { name }) => (pod.spec?.nodeName && pod.spec.nodeName !== name ? rejection : undefined),
};
