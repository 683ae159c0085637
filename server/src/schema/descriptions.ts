/** The documentation of the built-in API, which is large and therefore read when somebody first wants some of it. */
import { getOwn } from '#common/api/ownProperty.ts';

/** Of each structure its own text, then those of its fields. */
type Texts = Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>>;

let loading: Promise<Texts> | undefined;

async function load(): Promise<Texts> {
  const { descriptionsText } = await import('#common/schema/generated/descriptions.ts');
  return (JSON.parse(descriptionsText) as { structs: Texts }).structs;
}

/** The text of a field; where it has none of its own, that of the structure that it holds. */
export async function descriptionOf(
  owner: string | undefined,
  field: string | undefined,
  struct: string | undefined,
): Promise<string | undefined> {
  const texts = await (loading ??= load());
  const of = (name: string | undefined): Texts[string] | undefined =>
    name === undefined ? undefined : (getOwn(texts, name) as Texts[string] | undefined);
  const own = field === undefined ? undefined : (getOwn(of(owner)?.[1] ?? {}, field) as string | undefined);
  return own ?? of(struct)?.[0];
}
