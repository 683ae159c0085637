/**
 * Adds a Service for a workload, below it in the same file: its selector, and a port for each that its containers declare.
 * Nothing is offered where a Service of the workspace selects the pods already, or no container declares a port.
 *
 *     kind: Deployment              kind: Deployment
 *     …                       →     …
 *       - containerPort: 8080       ---
 *         name: http                kind: Service
 *                                   spec:
 *                                     selector: {app: web}
 *                                     ports: [{name: http, port: 8080, targetPort: http}]
 */
import { insertBehind, takesDocuments } from '../../edits/documents.ts';
import { indentsLists } from '../../edits/insertions.ts';
import { yamlText } from '../../edits/yamlText.ts';
import { childOf } from '#common/manifests/nodes.ts';
import { plainValue } from '#common/manifests/plainValue.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { objectTitle, type ManifestObject } from '../../workspace/manifestObject.ts';
import type { CodeAction, InRange } from '../feature.ts';
import { isOnHead, objectPlace } from './actionPlaces.ts';
import { type DeclaredPort, declaredPorts } from './containerPorts.ts';

const service = { group: '', kind: 'Service' };
const kinds = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Pod']);

export const provideAddService: InRange<readonly CodeAction[]> = ({ graph, l10n }, file, range) => {
  const place = objectPlace({ graph }, file, range);
  if (!place || !kinds.has(place.object.gvk.kind) || !takesDocuments(file)) return undefined;
  if (!isOnHead(place) && !place.path.includes('ports')) return undefined;
  const { object } = place;
  const owner = object.owners.find(({ podSpecPath }) => podSpecPath !== undefined);
  if (owner?.podSpecPath === undefined || Object.keys(owner.labels).length === 0) return undefined;
  if (graph.selectorsOf(owner).some(({ from }) => from.gvk.kind === 'Service')) return undefined;
  const containers = object.document.nodeFor(`${owner.podSpecPath}.containers`);
  const ports = (containers?.kind === 'sequence' ? containers.items : []).flatMap((item) =>
    declaredPorts(childOf(item, 'ports')),
  );
  if (ports.length === 0) return undefined;
  const taken = graph.objectsNamed(service, object.namespace, object.name).length > 0;
  const name = taken ? `${object.name}-service` : object.name;
  const metadata = { name, ...(object.document.namespace === undefined ? {} : { namespace: object.document.namespace }) };
  const spec = { selector: ownSelector(object) ?? { ...owner.labels }, ports: servicePorts(ports) };
  const yaml = yamlText({ apiVersion: 'v1', kind: 'Service', metadata, spec }, { indentLists: indentsLists(file) });
  const edits = [insertBehind(file, object.document, yaml)];
  return [{ title: l10n.t('Add a Service for {0}', objectTitle(object)), kind: 'refactor', edits }];
};

/** What the workload selects its pods by: all of it plain labels. */
function ownSelector(object: ManifestObject): Record<string, string> | undefined {
  const node = object.document.nodeFor('spec.selector');
  const selector = node && plainValue(node);
  if (!isJsonObject(selector) || selector['matchExpressions'] !== undefined) return undefined;
  const labels = object.gvk.kind === 'ReplicationController' ? selector : selector['matchLabels'];
  return isJsonObject(labels) && Object.keys(labels).length > 0 ? (labels as Record<string, string>) : undefined;
}

/** Several ports need names; a number is asked for once per protocol. */
function servicePorts(declared: readonly DeclaredPort[]): unknown[] {
  const seen = new Set<string>();
  const ports = declared.filter(
    ({ number, protocol }) => !seen.has(`${number}/${protocol}`) && seen.add(`${number}/${protocol}`),
  );
  const names = new Set<string>();
  return ports.map(({ number, name, protocol }) => {
    let own = name ?? (ports.length > 1 ? `port-${number}` : undefined);
    if (own !== undefined && names.has(own)) own = `${protocol.toLowerCase()}-${number}`;
    if (own !== undefined) names.add(own);
    return {
      ...(own === undefined ? {} : { name: own }),
      port: number,
      targetPort: name ?? number,
      ...(protocol === 'TCP' ? {} : { protocol }),
    };
  });
}
