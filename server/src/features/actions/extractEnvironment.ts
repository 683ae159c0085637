/**
 * Takes environment variables that stand in a container as texts out into a ConfigMap or a Secret, which goes into the same
 * file, above what uses it. On one variable it is about that one, on `env` about all.
 *
 *     env:                          env:
 *       - name: COLOR         →       - name: COLOR
 *         value: blue                   valueFrom:
 *                                         configMapKeyRef:
 *                                           name: web-config
 *                                           key: COLOR
 */
import { configMapKeyErrors } from '#common/api/names.ts';
import { childOf, type MapNode, pairFor, textOf } from '#common/manifests/nodes.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { columnOf } from '#common/manifests/textLines.ts';
import { insertBefore, takesDocuments } from '../../edits/documents.ts';
import { contentEnd, indentsLists, insertField, newlineOf } from '../../edits/insertions.ts';
import { flowText, yamlText } from '../../edits/yamlText.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { CodeAction, InRange, TextEdit } from '../feature.ts';
import { type ContainerPlace, containerPlace, objectPlace } from './actionPlaces.ts';

interface Variable {
  readonly item: MapNode;
  readonly name: string;
  readonly value: string;
}

type Kind = 'ConfigMap' | 'Secret';

export const provideExtractEnvironment: InRange<readonly CodeAction[]> = (snapshot, file, range) => {
  const place = containerPlace(objectPlace(snapshot, file, range));
  if (!place || place.inside[0] !== 'env' || !takesDocuments(file)) return undefined;
  const variables = literals(place);

  const { t } = snapshot.l10n;
  const [first, ...others] = variables;
  if (!first) return undefined;
  return (['ConfigMap', 'Secret'] as const).flatMap((kind) => {
    const edits = extract(snapshot, file, place, variables, kind);
    const title =
      others.length === 0 ? t('Move {0} to a {1}', first.name, kind) : t('Move {0} variables to a {1}', variables.length, kind);
    return edits ? [{ title, kind: 'refactor.extract' as const, edits }] : [];
  });
};

/** Of one variable, or of the list. `$(NAME)` is filled in only where it stands in the container. */
function literals({ container, inside }: ContainerPlace): Variable[] {
  const list = childOf(container, 'env');
  if (list?.kind !== 'sequence' || list.alias) return [];
  const index = inside[1];
  const items = typeof index === 'number' ? list.items.slice(index, index + 1) : list.items;
  return items.flatMap((item) => {
    const name = textOf(childOf(item, 'name'));
    const value = textOf(childOf(item, 'value'));
    if (item.kind !== 'map' || item.alias || name === undefined || value === undefined) return [];
    return value.includes('$(') || configMapKeyErrors(name).length > 0 ? [] : [{ item, name, value }];
  });
}

function extract(
  snapshot: Snapshot,
  file: SourceFile,
  place: ContainerPlace,
  variables: readonly Variable[],
  kind: Kind,
): TextEdit[] | undefined {
  const { object } = place;
  const field = kind === 'Secret' ? 'stringData' : 'data';
  const data = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  const target = targetOf(snapshot, place, kind, Object.keys(data));
  const references = variables.map(({ item, name }) => referTo(file, item, kind, target.name, name));
  if (references.some((edit) => edit === undefined)) return undefined;
  const holder = target.data;
  if (holder) {
    const added = Object.entries(data).map(([key, value]) => insertField(file, holder, key, value));
    return added.every((edit) => edit !== undefined) ? [...(references as TextEdit[]), ...added] : undefined;
  }
  const metadata = {
    name: target.name,
    ...(object.document.namespace === undefined ? {} : { namespace: object.document.namespace }),
  };
  const yaml = yamlText({ apiVersion: 'v1', kind, metadata, [field]: data });
  return [...(references as TextEdit[]), insertBefore(file, object.document, yaml)];
}

/** The one that was made before, in the same file and above, or a name that is free. */
function targetOf(
  { graph }: Snapshot,
  { object }: ContainerPlace,
  kind: Kind,
  keys: readonly string[],
): { name: string; data?: MapNode } {
  const base = `${object.name}-${kind === 'ConfigMap' ? 'config' : 'secret'}`;
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}-${i}`;
    const [existing] = graph.objectsNamed({ group: '', kind }, object.namespace, name);
    if (!existing) return { name };
    const data = existing.document.nodeFor(kind === 'Secret' ? 'stringData' : 'data');
    const above = existing.uri === object.uri && existing.document.index < object.document.index;
    if (above && data?.kind === 'map' && data.pairs.length > 0 && !keys.some((key) => pairFor(data, key))) return { name, data };
  }
}

/** `value: …` becomes `valueFrom: …`; whatever else stands in the variable stays. */
function referTo(file: SourceFile, item: MapNode, kind: Kind, name: string, key: string): TextEdit | undefined {
  const pair = pairFor(item, 'value');
  if (!pair || pair.merged) return undefined;
  const source = { [kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef']: { name, key } };
  const { start } = pair.key;
  if (item.flow) return { uri: file.uri, range: { start, end: pair.value.end }, text: `valueFrom: ${flowText(source, false)}` };
  const column = columnOf(file.text, start);
  const newline = newlineOf(file);
  const lines = yamlText({ valueFrom: source }, { indentLists: indentsLists(file) }).split('\n');
  const text = lines.join(newline + ' '.repeat(column));
  // A comment behind the value stays behind the new field's name.
  const end = contentEnd(file.text, pair.value);
  const comment = /^[ \t]*#[^\r\n]*/.exec(file.text.slice(end))?.[0] ?? '';
  const [first = '', ...rest] = text.split(newline);
  return { uri: file.uri, range: { start, end: end + comment.length }, text: [first + comment, ...rest].join(newline) };
}
