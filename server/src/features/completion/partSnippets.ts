/** Parts of objects where they fit. A mount brings the volume that it needs. */
import { childOf, pairFor } from '#common/manifests/nodes.ts';
import { columnOf, lineStartOf } from '#common/manifests/textLines.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AtOffset, Completion, TextEdit } from '../feature.ts';
import { blockItem } from './items.ts';
import { type CompletionPlace, nodeAtPath, placeAt } from './place.ts';
import { partSnippets } from './snippets/parts.ts';

export const providePartSnippets: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  const type = place?.schema?.type;
  if (place?.position !== 'key' || type?.kind !== 'struct' || place.flow || place.quote) return undefined;
  const name = type.name.startsWith('io.k8s.') ? (type.name.split('.').at(-1) ?? '') : '';
  const fitting = partSnippets.filter(
    (each) =>
      each.in.includes(name) &&
      (!each.startsItem || place.startsItem) &&
      !each.fields.some((field) => place.siblings.includes(field)),
  );
  const items = fitting.map(({ label, about, text }) =>
    blockItem(place, label, text, { detail: snapshot.l10n.t(about), snippet: true, sort: `2${label}` }),
  );
  const mount = name === 'Container' && !place.siblings.includes('volumeMounts') ? volumeWithMount(place, snapshot) : undefined;
  return mount ? [...items, mount] : items;
};

/** The mount at the cursor and, above the containers, an empty volume for it. */
function volumeWithMount(place: CompletionPlace, { l10n }: Snapshot): Completion | undefined {
  const podSpec = nodeAtPath(place, place.path.slice(0, -2));
  const containers = pairFor(podSpec, String(place.path.at(-2)));
  if (!containers || podSpec?.kind !== 'map' || podSpec.flow) return undefined;
  const { text } = place.file;
  const column = columnOf(text, containers.key.start);
  const indent = (more: number): string => `${place.newline}${' '.repeat(column + more)}`;
  const volumes = childOf(podSpec, 'volumes');
  let name = 'data';
  let edit: TextEdit;
  if (volumes?.kind === 'sequence' && !volumes.flow && volumes.items[0]) {
    const there = volumes.items
      .map((item) => childOf(item, 'name'))
      .map((node) => (node?.kind === 'scalar' ? node.value : undefined));
    for (let i = 2; there.includes(name); i++) name = `data-${i}`;
    const first = volumes.items[0].start;
    const lineStart = lineStartOf(text, first);
    const dash = /^ *(?=- )/.exec(text.slice(lineStart, first))?.[0].length;
    if (dash === undefined) return undefined;
    const start = lineStart + dash;
    const lines = `- name: ${name}${place.newline}${' '.repeat(dash + 2)}emptyDir: {}${place.newline}${' '.repeat(dash)}`;
    edit = { uri: place.file.uri, range: { start, end: start }, text: lines };
  } else if (volumes) return undefined;
  else {
    const { start } = containers.key;
    edit = {
      uri: place.file.uri,
      range: { start, end: start },
      text: `volumes:${indent(2)}- name: ${name}${indent(4)}emptyDir: {}${indent(0)}`,
    };
  }
  return blockItem(place, 'volume and mount', `volumeMounts:\n  - name: ${name}\n    mountPath: \${1:/data}`, {
    detail: l10n.t('An empty volume of the pod, mounted here'),
    snippet: true,
    sort: '2volume and mount',
    edits: [edit],
  });
}
