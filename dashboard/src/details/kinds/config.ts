/** What is told of ConfigMaps and Secrets: their keys with what is in them; what is secret only when it is asked for. */
import { fromBase64 } from '../secretValues.ts';
import type { DetailValue } from '#common/protocol/details.ts';
import type * as api from '#common/schema/generated/types.ts';
import { cell, code, facts, section, table, text } from '../blocks.ts';
import type { Describe } from '../describeContext.ts';

export const describeConfigMap: Describe<api.ConfigMap> = ({ data, binaryData, immutable }, { texts: t }) => [
  ...section('facts', 'ConfigMap', facts([t.immutable, immutable ? text(t.yes) : undefined])),
  ...section(
    'data',
    t.data,
    table(
      [t.key, t.value],
      [
        ...Object.entries(data ?? {}).map(([key, value]) => [cell(key), code(value)]),
        ...Object.entries(binaryData ?? {}).map(([key, value]) => [
          cell(key),
          text(`${fromBase64(value).length} ${t.bytes}`, 'quiet'),
        ]),
      ],
    ),
  ),
];

export const describeSecret: Describe<api.Secret> = ({ data, type, immutable }, { texts: t, revealed }) => [
  ...section('facts', 'Secret', facts([t.type, text(type)], [t.immutable, immutable ? text(t.yes) : undefined])),
  ...section(
    'data',
    t.data,
    table(
      [t.key, t.value],
      Object.entries(data ?? {}).map(([key, value]) => [cell(key), secretValue(key, value, revealed.has(key))]),
    ),
  ),
];

function secretValue(key: string, encoded: string, isRevealed: boolean): DetailValue {
  const bytes = fromBase64(encoded);
  if (!isRevealed) return { type: 'secret', key, bytes: bytes.length };
  return { type: 'secret', key, bytes: bytes.length, shown: new TextDecoder().decode(bytes) };
}
