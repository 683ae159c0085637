/** A node port that two Services ask for: the second apply is refused. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { ManifestObject } from '../workspace/manifestObject.ts';
import { defineRule } from './rule.ts';

const service = { group: '', kind: 'Service' };

export const duplicateNodePort = defineRule({
  id: 'duplicate-node-port',
  title: 'Two Services ask for the same node port',
  severity: 'warning',
  needs: 'facts',
  docs: `A node port belongs to one Service of the cluster, whatever their namespaces. The API server refuses the second. Leave
\`nodePort\` away to be given a free one. TCP and UDP count separately.`,
  kinds: ['Service'],
  example: {
    bad: `
apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  type: NodePort
  ports:
    - port: 80
      nodePort: 30080
#               ^^^^^ warning: Node port 30080 is also asked for by Service/b
---
apiVersion: v1
kind: Service
metadata:
  name: b
spec:
  type: NodePort
  ports:
    - port: 80
      nodePort: 30080
#               ^^^^^ warning: Node port 30080 is also asked for by Service/a
`,
    good: `
apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  type: NodePort
  ports:
    - port: 80
      nodePort: 30080
---
apiVersion: v1
kind: Service
metadata:
  name: b
spec:
  type: NodePort
  ports:
    - port: 80
      nodePort: 30081
`,
  },
  *check({ snapshot: { graph, facts, l10n }, object }) {
    if (!object) return;
    const mine = nodePorts(object.document.value);
    if (mine.length === 0) return;
    const written = graph.objectsOf(service).filter((other) => !isSame(other, object));
    const live = facts
      .list(service)
      .filter(({ metadata }) => !(metadata.name === object.name && metadata.namespace === object.namespace));
    for (const { port, protocol, index } of mine) {
      const has = (value: unknown): boolean => nodePorts(value).some((each) => each.port === port && each.protocol === protocol);
      const other = written.find(({ document }) => has(document.value));
      const inCluster = other ? undefined : live.find(has);
      if (!other && !inCluster) continue;
      yield {
        range: object.rangeFor(`spec.ports[${index}].nodePort`),
        message: other
          ? l10n.t('Node port {0} is also asked for by Service/{1}', port, other.name)
          : l10n.t(
              'Node port {0} belongs to Service/{1} in namespace "{2}" of the cluster',
              port,
              inCluster?.metadata.name ?? '',
              inCluster?.metadata.namespace ?? '',
            ),
        related: other ? [{ object: other, path: 'spec.ports', message: l10n.t('its ports') }] : [],
      };
    }
  },
});

/** Two files may tell of one object. */
const isSame = (a: ManifestObject, b: ManifestObject): boolean => a === b || (a.name === b.name && a.namespace === b.namespace);

function nodePorts(value: unknown): { port: number; protocol: string; index: number }[] {
  const spec = isJsonObject(value) ? value['spec'] : undefined;
  const ports = isJsonObject(spec) ? spec['ports'] : undefined;
  if (!Array.isArray(ports)) return [];
  return ports.flatMap((each: unknown, index) => {
    if (!isJsonObject(each) || typeof each['nodePort'] !== 'number' || each['nodePort'] === 0) return [];
    return [{ port: each['nodePort'], protocol: typeof each['protocol'] === 'string' ? each['protocol'] : 'TCP', index }];
  });
}
