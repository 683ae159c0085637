/** Every kind that is known here: Kubernetes' own, and those that CustomResourceDefinitions of the workspace or the cluster bring. */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { StructType } from '#common/api/schemaType.ts';
import { allKinds, kindOf } from '#common/kinds/allKinds.ts';
import { customKind } from '#common/kinds/custom/customKind.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { typeOfKind } from '#common/schema/builtinTypes.ts';
import type { CustomResourceDefinition, JSONSchemaProps } from '#common/schema/generated/types.ts';
import type { KindName } from '../facts/liveFacts.ts';

export interface KnownKind {
  readonly definition: KindDefinition;
  readonly type: StructType;
  /** Of a custom kind. */
  readonly schema?: JSONSchemaProps;
}

const keyOf = ({ group, version, kind }: GroupVersionKind): string => `${group}/${version}/${kind}`;
const nameOf = ({ group, kind }: KindName): string => `${group}/${kind}`;

export class KindRegistry {
  readonly #builtin = new Map<string, KnownKind | undefined>();
  /** Key of a kind → who defines it, the last one being in force. */
  readonly #custom = new Map<string, Map<string, KnownKind>>();
  readonly #byName = new Map<string, KindDefinition>();
  /** Goes up when a definition comes, goes or changes. */
  revision = 0;

  constructor() {
    for (const kind of allKinds) if (!this.#byName.has(nameOf(kind))) this.#byName.set(nameOf(kind), kind);
  }

  find(gvk: GroupVersionKind): KnownKind | undefined {
    const key = keyOf(gvk);
    if (this.#builtin.has(key)) return this.#builtin.get(key);
    const definition = kindOf(gvk.group, gvk.version, gvk.kind);
    const type = definition && typeOfKind(gvk);
    if (definition && type) {
      const known = { definition, type };
      this.#builtin.set(key, known);
      return known;
    }
    return [...(this.#custom.get(key)?.values() ?? [])].at(-1);
  }

  /** Some version of a kind. */
  named(name: KindName): KindDefinition | undefined {
    return (
      this.#byName.get(nameOf(name)) ?? this.#customs().find(({ definition }) => nameOf(definition) === nameOf(name))?.definition
    );
  }

  /** All of them, built in or not, that somebody may write. */
  all(): KnownKind[] {
    const builtin = allKinds.flatMap((kind) => this.find(kind) ?? []);
    return [...builtin, ...this.#customs()];
  }

  /** What is not known is taken to be namespaced, as most kinds are. */
  isNamespaced(name: KindName): boolean {
    return this.named(name)?.namespaced ?? true;
  }

  /** Kinds of the same name in other groups or versions: what an apiVersion that is wrong may have meant. */
  sameKind(kind: string): KindDefinition[] {
    return [...allKinds, ...this.#customs().map(({ definition }) => definition)].filter((each) => each.kind === kind);
  }

  /** Takes the definitions of one source (a file, or the cluster); replaces what it gave before. Gives whether anything changed. */
  define(source: string, definitions: readonly unknown[]): boolean {
    const before = this.#from(source);
    if (before.length === 0 && definitions.length === 0) return false;
    for (const key of before) {
      this.#custom.get(key)?.delete(source);
      if (this.#custom.get(key)?.size === 0) this.#custom.delete(key);
    }
    for (const definition of definitions) {
      for (const known of kindsOfDefinition(definition)) {
        const key = keyOf(known.definition);
        const sources = this.#custom.get(key) ?? new Map<string, KnownKind>();
        sources.set(source, known);
        this.#custom.set(key, sources);
      }
    }
    this.revision++;
    return true;
  }

  #from(source: string): string[] {
    return [...this.#custom].filter(([, sources]) => sources.has(source)).map(([key]) => key);
  }

  #customs(): KnownKind[] {
    return [...this.#custom.values()].flatMap((sources) => [...sources.values()].at(-1) ?? []);
  }
}

/** Half-typed definitions give what can be used of them. */
function kindsOfDefinition(value: unknown): KnownKind[] {
  const spec = isJsonObject(value) ? value['spec'] : undefined;
  if (!isJsonObject(spec) || typeof spec['group'] !== 'string' || !isJsonObject(spec['names'])) return [];
  if (typeof spec['names']['kind'] !== 'string' || typeof spec['names']['plural'] !== 'string') return [];
  const versions = Array.isArray(spec['versions']) ? spec['versions'] : [];
  const definition = value as unknown as CustomResourceDefinition;
  return versions.flatMap((version: unknown) => {
    if (!isJsonObject(version) || typeof version['name'] !== 'string') return [];
    try {
      const { kind, type, schema } = customKind(
        definition,
        version as unknown as CustomResourceDefinition['spec']['versions'][number],
      );
      return [{ definition: kind, type, schema }];
    } catch (error) {
      // A schema that is not yet one (a text where a map should be) defines nothing; its own diagnostics say so.
      if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return [];
      throw error;
    }
  });
}
