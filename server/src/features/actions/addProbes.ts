/**
 * Adds the probes that a container lacks, on the port that it declares: a request where the port's name or number says HTTP,
 * gRPC's own check, or a connection.
 *
 *     ports:                        ports:
 *       - name: http          →       - name: http
 *         containerPort: 80             containerPort: 80
 *                                   readinessProbe:
 *                                     httpGet: {path: /, port: http}
 *                                   livenessProbe: …
 */
import { childOf } from '#common/manifests/nodes.ts';
import { insertField } from '../../edits/insertions.ts';
import type { CodeAction, InRange, TextEdit } from '../feature.ts';
import { containerPlace, objectPlace } from './actionPlaces.ts';
import { type DeclaredPort, declaredPorts } from './containerPorts.ts';

const httpNames = /^(?:https?|web|www|api|rest|health|healthz|ui)(?:-|$)/;
const httpNumbers = new Set([80, 443, 3000, 5000, 8000, 8008, 8080, 8081, 8443, 8888, 9090]);
const tlsNumbers = new Set([443, 8443]);
/** Their pods end by themselves, or are probed by nobody. */
const withoutProbes = new Set(['Job', 'CronJob']);

export const provideAddProbes: InRange<readonly CodeAction[]> = (snapshot, file, range) => {
  const place = containerPlace(objectPlace(snapshot, file, range));
  if (!place || withoutProbes.has(place.object.gvk.kind) || !isOnContainer(place.inside)) return undefined;
  const { container } = place;
  const missing = (['readinessProbe', 'livenessProbe'] as const).filter((field) => !childOf(container, field));
  const ports = declaredPorts(childOf(container, 'ports')).filter(({ protocol }) => protocol === 'TCP');
  const port = ports.find(isHttp) ?? ports[0];
  if (!port || missing.length === 0) return undefined;
  const probes = missing.map((field): TextEdit | undefined => insertField(file, container, field, probeOf(port, field), 'ports'));
  const edits = probes.flatMap((edit) => edit ?? []);
  if (edits.length < missing.length) return undefined;
  const what =
    missing.length === 2
      ? 'Add readiness and liveness probes on port {0}'
      : missing[0] === 'livenessProbe'
        ? 'Add a liveness probe on port {0}'
        : 'Add a readiness probe on port {0}';
  return [{ title: snapshot.l10n.t(what, port.name ?? port.number), kind: 'refactor', edits: [merged(edits)] }];
};

/** On the container itself, or on what its probes are about. */
export const isOnContainer = (inside: readonly (string | number)[]): boolean =>
  inside.length <= 1 || inside[0] === 'ports' || inside[0] === 'resources';

const isHttp = ({ name, number }: DeclaredPort): boolean => (name === undefined ? httpNumbers.has(number) : httpNames.test(name));

function probeOf(port: DeclaredPort, field: 'readinessProbe' | 'livenessProbe'): unknown {
  const timing = field === 'livenessProbe' ? { initialDelaySeconds: 10, periodSeconds: 10 } : { periodSeconds: 5 };
  return { ...handlerOf(port), ...timing };
}

function handlerOf(port: DeclaredPort): Readonly<Record<string, unknown>> {
  const target = port.name ?? port.number;
  if (port.name !== undefined && /^grpc(?:-|$)/.test(port.name)) return { grpc: { port: port.number } };
  if (!isHttp(port)) return { tcpSocket: { port: target } };
  const tls = port.name === undefined ? tlsNumbers.has(port.number) : /^https(?:-|$)/.test(port.name);
  return { httpGet: { path: '/', port: target, ...(tls ? { scheme: 'HTTPS' } : {}) } };
}

/** Insertions at one place as one, so that their order is certain. */
function merged(edits: readonly TextEdit[]): TextEdit {
  const [first] = edits as [TextEdit, ...TextEdit[]];
  return { ...first, text: edits.map(({ text }) => text).join('') };
}
