/**
 * What the rules about names that nothing has share. With a cluster at hand a missing name is a warning. Without one it may
 * well be there already, so that a rule says itself how loud it is then.
 */
import type { KindName } from '../../facts/liveFacts.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { NameLink } from '../../workspace/links.ts';
import { nameTopic } from '../../workspace/topics.ts';
import { type Finding, type Rule, type Severity, defineRule } from '../rule.ts';
import { addDocument } from './addDocument.ts';
import { exists, nearestName, nowhereMessage } from './nowhere.ts';

export interface MissingName extends Pick<Rule, 'id' | 'title' | 'docs' | 'example'> {
  readonly to: readonly KindName[];
  /** How a name is told that the workspace does not have, while no cluster is known. Silent when undefined. */
  readonly withoutCluster: Severity | undefined;
  /** Names that every cluster has. */
  isEverywhere?(name: string): boolean;
  /** Narrows the links that are looked at. */
  concerns?(link: NameLink): boolean;
  /** The missing object, as a person would begin it: YAML below `metadata`. */
  body?(link: NameLink): string;
}

interface Missing {
  readonly to: KindName;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly nearest?: string;
  readonly body?: string;
}

export function missingName(init: MissingName): Rule {
  const { to, withoutCluster, isEverywhere, concerns, body, ...rest } = init;
  const wanted = (link: NameLink): boolean => to.some(({ group, kind }) => link.to.group === group && link.to.kind === kind);
  return defineRule({
    ...rest,
    severity: 'warning',
    needs: 'facts',
    *check({ snapshot, object }) {
      // Many links of a long object lead to the same name.
      const looked = new Map<string, Omit<Finding, 'range'> | undefined>();
      for (const link of object?.links ?? []) {
        if (link.type !== 'name' || link.optional || !wanted(link) || isEverywhere?.(link.name) || concerns?.(link) === false)
          continue;
        const key = nameTopic(link.to, link.namespace, link.name);
        if (!looked.has(key)) looked.set(key, findMissing(snapshot, link, withoutCluster));
        const missing = looked.get(key);
        if (!missing) continue;
        yield { ...missing, range: link.range, data: { ...(missing.data as Missing), ...(body ? { body: body(link) } : {}) } };
      }
    },
    fixes({ l10n }, file, { range, data }) {
      const missing = data as Missing | undefined;
      if (!missing) return [];
      const { nearest } = missing;
      return [
        ...(nearest === undefined
          ? []
          : [{ title: l10n.t('Change to "{0}"', nearest), edits: [{ uri: file.uri, range, text: nearest }] }]),
        ...(missing.body === undefined
          ? []
          : [
              {
                title: l10n.t('Add {0} "{1}"', missing.to.kind, missing.name),
                edits: [addDocument(file, manifest(missing))],
              },
            ]),
      ];
    },
  });
}

function findMissing(
  snapshot: Snapshot,
  link: NameLink,
  withoutCluster: Severity | undefined,
): Omit<Finding, 'range'> | undefined {
  const { to, namespace, name } = link;
  const certain = snapshot.facts.knows(to);
  if (!certain && withoutCluster === undefined) return undefined;
  if (exists(snapshot, to, namespace, name)) return undefined;
  const nearest = nearestName(snapshot, to, namespace, name);
  const { version = 'v1' } = snapshot.index.kinds.named(to) ?? {};
  const data: Missing = {
    to,
    apiVersion: to.group ? `${to.group}/${version}` : version,
    namespace,
    name,
    ...(nearest === undefined ? {} : { nearest }),
  };
  return {
    message: nowhereMessage(snapshot, link, nearest),
    data,
    ...(certain || withoutCluster === undefined ? {} : { severity: withoutCluster }),
  };
}

const manifest = ({ apiVersion, to, namespace, name, body = '' }: Missing): string =>
  [
    `apiVersion: ${apiVersion}`,
    `kind: ${to.kind}`,
    'metadata:',
    `  name: ${name}`,
    ...(namespace && namespace !== 'default' ? [`  namespace: ${namespace}`] : []),
    ...(body ? [body.trimEnd()] : []),
  ].join('\n');
