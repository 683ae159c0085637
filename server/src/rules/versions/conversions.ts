/**
 * What has to change in a manifest besides its apiVersion when a version is gone: edits of the text, which leave comments and
 * everything else as it is. Only the conversions whose result is certain.
 */
import { childOf, type ManifestNode, type MapNode, nodesOf, pairFor, textOf } from '#common/manifests/nodes.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { columnOf } from '#common/manifests/textLines.ts';
import type { TextEdit } from '../../features/feature.ts';

type Convert = (document: ManifestDocument, file: SourceFile) => TextEdit[];

/** `kind` → the changes of its old versions' fields. Conversions look at the fields, not at the version. */
const conversions: Readonly<Record<string, Convert>> = {
  Ingress: convertIngress,
  HorizontalPodAutoscaler: convertAutoscaler,
  Deployment: addSelector,
  DaemonSet: addSelector,
  ReplicaSet: addSelector,
  StatefulSet: addSelector,
};

export const convert: Convert = (document, file) =>
  document.kind !== undefined && Object.hasOwn(conversions, document.kind)
    ? (conversions[document.kind]?.(document, file) ?? [])
    : [];

/** `serviceName`/`servicePort` become `service`, and paths get the `pathType` that they had by default. */
function convertIngress({ root }: ManifestDocument, file: SourceFile): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const node of nodesOf(root)) {
    if (node.kind !== 'map') continue;
    const [name, port] = [childOf(node, 'serviceName'), childOf(node, 'servicePort')];
    if (name && port) edits.push(replaceMap(file, node, serviceBackend(textOf(name) ?? '', port)));
    const backend = pairFor(node, 'backend');
    if (backend && !pairFor(node, 'pathType') && (pairFor(node, 'path') || isHttpPath(node))) {
      edits.push(insertBefore(file, node, 'pathType: ImplementationSpecific'));
    }
  }
  const spec = pairFor(childOf(root, 'spec'), 'backend');
  if (spec) edits.push({ uri: file.uri, range: spec.key, text: 'defaultBackend' });
  return edits;
}

const isHttpPath = (node: MapNode): boolean => {
  const list = node.parent;
  return list?.kind === 'sequence' && list.parent?.kind === 'pair' && list.parent.key.value === 'paths';
};

function serviceBackend(name: string, port: ManifestNode): string[] {
  const value = port.kind === 'scalar' ? port.value : '';
  const field = typeof value === 'number' ? 'number' : 'name';
  return ['service:', `  name: ${name}`, '  port:', `    ${field}: ${String(value)}`];
}

/** `targetAverageUtilization` and its like become `target`. */
function convertAutoscaler({ root }: ManifestDocument, file: SourceFile): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const node of nodesOf(root)) {
    if (node.kind !== 'map') continue;
    for (const [field, type, to] of [
      ['targetAverageUtilization', 'Utilization', 'averageUtilization'],
      ['targetAverageValue', 'AverageValue', 'averageValue'],
    ] as const) {
      const pair = pairFor(node, field);
      if (!pair || pair.value.kind !== 'scalar') continue;
      const value = file.text.slice(pair.value.start, pair.value.end);
      edits.push(replaceRange(file, pair.key.start, pair.value.end, ['target:', `  type: ${type}`, `  ${to}: ${value}`]));
    }
  }
  return edits;
}

/** apps/v1 wants the selector that older versions took from the template's labels. */
function addSelector({ root }: ManifestDocument, file: SourceFile): TextEdit[] {
  const spec = childOf(root, 'spec');
  const labels = childOf(childOf(childOf(spec, 'template'), 'metadata'), 'labels');
  if (spec?.kind !== 'map' || spec.flow || pairFor(spec, 'selector') || labels?.kind !== 'map') return [];
  const lines = labels.pairs.map(({ key, value }) => `    ${key.value}: ${file.text.slice(value.start, value.end)}`);
  return [insertBefore(file, spec, ['selector:', '  matchLabels:', ...lines].join('\n'))];
}

function replaceRange(file: SourceFile, start: number, end: number, lines: readonly string[]): TextEdit {
  const indent = ' '.repeat(columnOf(file.text, start));
  return { uri: file.uri, range: { start, end }, text: lines.join(`\n${indent}`) };
}

function replaceMap(file: SourceFile, node: MapNode, lines: readonly string[]): TextEdit {
  if (!node.flow) return replaceRange(file, node.start, node.end, lines);
  const [, name = '', , port = ''] = lines.map((line) => line.trim());
  return { uri: file.uri, range: node, text: `{service: {${name}, port: {${port}}}}` };
}

/** New entries at the beginning of a block map. */
function insertBefore(file: SourceFile, node: MapNode, text: string): TextEdit {
  const range = { start: node.start, end: node.start };
  if (node.flow) return { uri: file.uri, range: { start: node.start + 1, end: node.start + 1 }, text: `${text}, ` };
  const indent = ' '.repeat(columnOf(file.text, node.start));
  return { uri: file.uri, range, text: `${text.split('\n').join(`\n${indent}`)}\n${indent}` };
}
