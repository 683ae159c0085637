/** A Service's targetPort that no container of its pods has. */
import type { Snapshot } from '../snapshot.ts';
import type { LabelOwner } from '../workspace/labelOwners.ts';
import { containerPorts } from '../workspace/linkTargets.ts';
import { type ManifestObject, objectTitle } from '../workspace/manifestObject.ts';
import { nearestText } from '../workspace/nearMiss.ts';
import { suggesting } from './names/nowhere.ts';
import { defineRule } from './rule.ts';

export const missingTargetPort = defineRule({
  id: 'missing-target-port',
  title: 'A targetPort that no container has',
  severity: 'warning',
  needs: 'graph',
  docs: `A named \`targetPort\` is looked up in the ports of the pods' containers; where none has the name, the Service has no endpoints.
A number need not be declared, since declaring ports is only documentation; but when the containers declare ports and this is none of
them, connections are most likely refused.`,
  kinds: ['Service'],
  example: {
    bad: `
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: htp
#                 ^^^ warning: No container of Pod/web has a port called "htp"; did you mean "http"?
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: nginx
      ports:
        - name: http
          containerPort: 80
`,
    good: `
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: http
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: nginx
      ports:
        - name: http
          containerPort: 80
`,
  },
  *check({ snapshot, object }) {
    const { l10n } = snapshot;
    for (const link of object?.links ?? []) {
      if (!object || link.type !== 'port' || link.of !== 'selected') continue;
      const pods = selectedPods(snapshot, object);
      const without = pods.filter(
        ({ object: owner, podSpecPath = '' }) => containerPorts(owner, podSpecPath, link.port).length === 0,
      );
      const [first] = without;
      if (!first) continue;
      const declared = portsOf(first);
      if (typeof link.port === 'number') {
        if (declared.numbers.length === 0) continue;
        yield {
          range: link.range,
          severity: 'information',
          message: l10n.t(
            'No container of {0} declares port {1}; declared: {2}',
            objectTitle(first.object),
            link.port,
            l10n.list(declared.numbers),
          ),
          data: declared.numbers.length === 1 ? String(declared.numbers[0]) : undefined,
        };
      } else {
        const nearest = nearestText(link.port, declared.names) ?? (declared.names.length === 1 ? declared.names[0] : undefined);
        yield {
          range: link.range,
          message: suggesting(
            l10n,
            l10n.t('No container of {0} has a port called "{1}"', objectTitle(first.object), link.port),
            nearest,
          ),
          data: nearest,
        };
      }
    }
  },
  fixes: ({ l10n }, file, { range, data }) =>
    typeof data === 'string' ? [{ title: l10n.t('Change to {0}', data), edits: [{ uri: file.uri, range, text: data }] }] : [],
});

const selectedPods = ({ graph }: Snapshot, object: ManifestObject): LabelOwner[] =>
  object.links
    .flatMap((link) => (link.type === 'selector' ? graph.matched(link) : []))
    .filter(({ podSpecPath }) => podSpecPath !== undefined);

interface ContainerShape {
  readonly ports?: readonly ({ readonly name?: unknown; readonly containerPort?: unknown } | null)[] | null;
}

function portsOf({ object, podSpecPath = '' }: LabelOwner): { names: string[]; numbers: number[] } {
  const containers = object.document.nodeFor(`${podSpecPath}.containers`);
  const names: string[] = [];
  const numbers: number[] = [];
  for (const container of containers ? valuesOf(object, `${podSpecPath}.containers`) : []) {
    for (const port of Array.isArray(container.ports) ? container.ports : []) {
      const { name, containerPort } = port ?? {};
      if (typeof name === 'string') names.push(name);
      if (typeof containerPort === 'number') numbers.push(containerPort);
    }
  }
  return { names, numbers };
}

/** The containers as plain values. */
function valuesOf(object: ManifestObject, path: string): ContainerShape[] {
  let value: unknown = object.document.value;
  for (const step of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[step];
  return Array.isArray(value) ? value.filter((each): each is ContainerShape => typeof each === 'object' && each !== null) : [];
}
