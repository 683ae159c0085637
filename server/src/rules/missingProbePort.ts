/** A probe or hook that names a port which its container does not have. */
import { suggesting } from './names/nowhere.ts';
import { defineRule } from './rule.ts';

export const missingProbePort = defineRule({
  id: 'missing-probe-port',
  title: 'A probe names a port that its container does not have',
  severity: 'warning',
  needs: 'document',
  docs: `The API server accepts a probe by any port name; the kubelet then cannot find the port, and the probe fails each time. A number
always works.`,
  example: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
      ports:
        - name: http
          containerPort: 80
      readinessProbe:
        httpGet:
          path: /
          port: web
#               ^^^ warning: Container "web" has no port called "web"; did you mean "http"?
`,
    good: `
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
      ports:
        - name: http
          containerPort: 80
      readinessProbe:
        httpGet:
          path: /
          port: http
`,
  },
  *check({ snapshot: { l10n }, document, object }) {
    for (const link of object?.links ?? []) {
      if (link.type !== 'port' || link.of === 'selected' || !('own' in link.of) || typeof link.port !== 'string') continue;
      const path = /^.*?(?:containers|initContainers|ephemeralContainers)\[\d+\]/i.exec(link.path)?.[0];
      const container = path === undefined ? undefined : containerAt(document.value, path);
      if (!container) continue;
      const names = (Array.isArray(container.ports) ? container.ports : []).flatMap((port) =>
        typeof port?.name === 'string' ? [port.name] : [],
      );
      if (names.includes(link.port)) continue;
      const only = names.length === 1 ? names[0] : undefined;
      yield {
        range: link.range,
        message: suggesting(l10n, l10n.t('Container "{0}" has no port called "{1}"', String(container.name), link.port), only),
        data: only,
      };
    }
  },
  fixes: ({ l10n }, file, { range, data }) =>
    typeof data === 'string' ? [{ title: l10n.t('Change to "{0}"', data), edits: [{ uri: file.uri, range, text: data }] }] : [],
});

interface ContainerShape {
  readonly name?: unknown;
  readonly ports?: readonly ({ readonly name?: unknown } | null)[] | null;
}

/** `spec.template.spec.containers[0]` in an object's plain value. */
function containerAt(value: unknown, path: string): ContainerShape | undefined {
  let at: unknown = value;
  for (const [, field, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = field !== undefined ? (at as Record<string, unknown>)[field] : (at as readonly unknown[])[Number(index)];
  }
  return typeof at === 'object' && at !== null ? at : undefined;
}
