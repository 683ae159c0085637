/** A port that the Service which is named does not have: an Ingress' backend, a webhook. */
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { Snapshot } from '../../snapshot.ts';
import { defineRule } from '../rule.ts';

interface ServicePort {
  readonly name?: unknown;
  readonly port?: unknown;
}

const service = { group: '', kind: 'Service' };

export const missingServicePort = defineRule({
  id: 'missing-service-port',
  title: 'A port is named that the Service does not have',
  severity: 'warning',
  needs: 'facts',
  docs: 'The backend has no endpoints, and an Ingress answers 503. The number is the `port` of the Service, not its `targetPort`.',
  example: {
    bad: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  defaultBackend:
    service:
      name: shop
      port:
        number: 8080
#               ^^^^ warning: Service "shop" has no port 8080; it has 80 (http)
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports:
    - name: http
      port: 80
      targetPort: 8080
`,
    good: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  defaultBackend:
    service:
      name: shop
      port:
        name: http
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports:
    - name: http
      port: 80
      targetPort: 8080
`,
  },
  *check({ snapshot, object }) {
    const { l10n } = snapshot;
    for (const link of object?.links ?? []) {
      if (link.type !== 'port' || link.of === 'selected' || !('service' in link.of)) continue;
      const ports = portsOf(snapshot, link.of.namespace, link.of.service);
      const field = typeof link.port === 'number' ? 'port' : 'name';
      if (!ports || ports.some((each) => each[field] === link.port)) continue;
      const said = ports.map(({ name, port }) => (typeof name === 'string' ? `${port} (${name})` : String(port)));
      const port = typeof link.port === 'number' ? link.port : `"${link.port}"`;
      const [only] = ports.length === 1 ? ports : [];
      yield {
        range: link.range,
        message:
          said.length > 0
            ? l10n.t('Service "{0}" has no port {1}; it has {2}', link.of.service, port, l10n.list(said))
            : l10n.t('Service "{0}" has no port {1}; it has none', link.of.service, port),
        data: only?.[field],
      };
    }
  },
  fixes: ({ l10n }, file, { range, data }) =>
    typeof data === 'string' || typeof data === 'number'
      ? [{ title: l10n.t('Change to {0}', data), edits: [{ uri: file.uri, range, text: String(data) }] }]
      : [],
});

function portsOf({ graph, facts }: Snapshot, namespace: string, name: string): ServicePort[] | undefined {
  const values: unknown[] = graph.objectsNamed(service, namespace, name).map(({ document }) => document.value);
  if (values.length === 0) values.push(facts.get(service, namespace, name));
  const services = values.filter(isJsonObject);
  if (services.length === 0) return undefined;
  return services.flatMap(({ spec }) => {
    const ports = isJsonObject(spec) ? spec['ports'] : undefined;
    return Array.isArray(ports) ? ports.filter(isJsonObject) : [];
  });
}
