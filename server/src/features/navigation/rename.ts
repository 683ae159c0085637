/**
 * Rename over the whole workspace. A name that the API server would not take is refused in its words, one that is taken
 * already in ours. What only the cluster has is not touched: the next apply makes the object under its new name.
 */
import {
  configMapKeyErrors,
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  labelKeyErrors,
  labelValueErrors,
  portNameErrors,
} from '#common/api/names.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AtOffset, PreparedRename, RenameEdits, TextEdit } from '../feature.ts';
import { Refusal } from '../refusal.ts';
import { doubtfulLabels } from './doubtfulLabels.ts';
import { occurrencesOf } from './occurrences.ts';
import type { ManifestSymbol, Occurrence } from './symbol.ts';
import { symbolAt } from './symbolAt.ts';

export const prepareRename: AtOffset<PreparedRename> = (snapshot, file, offset) => {
  const found = symbolAt(snapshot, file, offset);
  // A symbol that nothing in the workspace declares cannot be renamed, only pointed elsewhere.
  if (!found || !occurrencesOf(snapshot, found.symbol).some(({ declares }) => declares)) return undefined;
  return { range: found.range, placeholder: found.text };
};

export function provideRename(
  snapshot: Snapshot,
  file: Parameters<AtOffset<unknown>>[1],
  offset: number,
  newName: string,
): RenameEdits | undefined {
  const found = symbolAt(snapshot, file, offset);
  if (!found) return undefined;
  const { symbol } = found;
  const problem = problemsOf(snapshot, symbol, newName)[0];
  if (problem !== undefined) throw new Refusal(problem);
  const occurrences = occurrencesOf(snapshot, symbol);
  if (symbol.type === 'object') {
    const { kind, namespace } = symbol;
    const taken = snapshot.graph.objectsNamed(kind, namespace, newName).length > 0;
    if (taken && newName !== symbol.name) throw new Refusal(snapshot.l10n.t('{0} "{1}" is there already', kind.kind, newName));
  }
  const editOf = ({ object, range }: Occurrence): TextEdit => ({
    uri: object.uri,
    range,
    text: quoted(snapshot, object.uri, range.start, newName),
  });
  const doubtful = symbol.type === 'label' ? doubtfulLabels(snapshot, symbol, occurrences) : [];
  return { edits: occurrences.map(editOf), doubtful: doubtful.map(editOf) };
}

function problemsOf({ index }: Snapshot, symbol: ManifestSymbol, name: string): string[] {
  switch (symbol.type) {
    case 'object':
      return index.kinds.named(symbol.kind)?.validateName?.(name, false) ?? dns1123SubdomainErrors(name);
    case 'key':
      return configMapKeyErrors(name);
    case 'label':
      return symbol.part === 'key' ? labelKeyErrors(name) : labelValueErrors(name);
    case 'containerPort':
      return portNameErrors(name);
    case 'servicePort':
    case 'local':
      return dns1123LabelErrors(name);
  }
}

/** Between quotes a name stands as it is; else one that YAML would read as something other than text gets them. */
function quoted({ index }: Snapshot, uri: string, start: number, name: string): string {
  const before = index.get(uri)?.text[start - 1];
  if (before === '"' || before === "'") return name;
  return isText(name) ? name : `"${name}"`;
}

const isText = (name: string): boolean =>
  name !== '' && !/^(true|false|yes|no|on|off|y|n|null|~)$/i.test(name) && !/^[-+.]?\d[\d_.:eExXoOa-fA-F+-]*$/.test(name);
