/** Which of the names that a CustomResourceDefinition asks for it gets: those that no other one of its group has. */
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '#common/schema/generated/types.ts';
import type { NewCondition } from '#common/kinds/custom/definitionConditions.ts';

export interface Acceptance {
  readonly acceptedNames: CustomResourceDefinitionNames;
  readonly condition: NewCondition;
}

/** `others` are the other definitions of the same group. A name that was accepted once stays accepted. */
export function acceptNames(definition: CustomResourceDefinition, others: readonly CustomResourceDefinition[]): Acceptance {
  const { names } = definition.spec;
  const had: Partial<CustomResourceDefinitionNames> = definition.status?.acceptedNames ?? {};
  const taken = takenNames(others);
  const accepted: CustomResourceDefinitionNames = { ...had, plural: had.plural ?? '', kind: had.kind ?? '' };
  let conflict: { reason: string; message: string } | undefined;

  const accept = (field: 'plural' | 'singular' | 'kind' | 'listKind', used: ReadonlySet<string>, reason: string): void => {
    const wanted = names[field];
    if (wanted === undefined || wanted === had[field] || !used.has(wanted)) {
      if (wanted !== undefined) accepted[field] = wanted;
    } else conflict = { reason, message: inUse([wanted]) };
  };
  accept('plural', taken.resources, 'PluralConflict');
  accept('singular', taken.resources, 'SingularConflict');
  const { shortNames = [] } = names;
  const lost = shortNames.filter((name) => !had.shortNames?.includes(name) && taken.resources.has(name));
  if (lost.length > 0) conflict = { reason: 'ShortNamesConflict', message: inUse(lost) };
  else setList(accepted, 'shortNames', names.shortNames);
  accept('kind', taken.kinds, 'KindConflict');
  accept('listKind', taken.kinds, 'ListKindConflict');
  setList(accepted, 'categories', names.categories);

  const condition: NewCondition = conflict
    ? { type: 'NamesAccepted', status: 'False', ...conflict }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
  return { acceptedNames: accepted, condition };
}

function inUse(names: readonly string[]): string {
  const texts = [...new Set(names)].map((name) => `${JSON.stringify(name)} is already in use`);
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

function setList(names: CustomResourceDefinitionNames, field: 'shortNames' | 'categories', list: string[] | undefined): void {
  if (list?.length) names[field] = list;
  else delete names[field];
}

function takenNames(others: readonly CustomResourceDefinition[]): { resources: Set<string>; kinds: Set<string> } {
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const { status } of others) {
    const { plural, singular, shortNames = [], kind, listKind } = status?.acceptedNames ?? { plural: '', kind: '' };
    for (const name of [plural, singular, ...shortNames]) if (name) resources.add(name);
    for (const name of [kind, listKind]) if (name) kinds.add(name);
  }
  return { resources, kinds };
}
