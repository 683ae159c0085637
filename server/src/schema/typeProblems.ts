/**
 * What of a document's tree does not decode: values of a wrong type, in the API server's words, and fields that the structure
 * does not have. Unlike the server, which stops at the first wrong type, it finds all of them and where they stand.
 */
import { objectMetaType } from '#common/schema/builtinTypes.ts';
import { Abort, DecodeContext, jsonTypeName } from '#common/schema/decodeContext.ts';
import { decodeQuantity, decodeScalar } from '#common/schema/decodeScalar.ts';
import { goTypeText } from '#common/schema/zeroValues.ts';
import type { ScalarType, SchemaType, StructType } from '#common/api/schemaType.ts';
import { keyText, type ManifestNode, type MapNode, type Pair, type ScalarNode } from '#common/manifests/nodes.ts';
import { plainValue } from '#common/manifests/plainValue.ts';
import { nearestText } from '../workspace/nearMiss.ts';

export interface TypeProblem {
  readonly kind: 'type' | 'unknown';
  readonly message: string;
  /** The value of a wrong type, or the name of the unknown field. */
  readonly node: ManifestNode;
  /** The known field that the unknown one is most like. */
  readonly nearest?: string;
}

export function typeProblems(type: StructType, root: ManifestNode): TypeProblem[] {
  const walk = new Walk();
  if (type.custom) walk.custom(type, root);
  else walk.value(type, root);
  return walk.problems;
}

class Walk {
  readonly problems: TypeProblem[] = [];
  readonly #ctx = new DecodeContext(true, undefined);

  value(type: SchemaType, node: ManifestNode): void {
    switch (type.kind) {
      case 'struct':
        if (node.kind === 'map') this.#struct(type, node, (inner, value) => this.value(inner, value));
        else this.#mismatch(node, type.goName);
        return;
      case 'list':
        if (node.kind === 'sequence') this.#items(type.item, node.items);
        else this.#mismatch(node, goTypeText(type));
        return;
      case 'map':
        if (node.kind === 'map') this.#entries(type.value, node, type.goType === 'v1.ResourceList');
        else this.#mismatch(node, goTypeText(type));
        return;
      default:
        this.#scalar(type, node);
    }
  }

  /** Of a custom object only the metadata is typed; the rest is validation's business. */
  custom(type: SchemaType, node: ManifestNode, atRoot = true): void {
    if (type.kind === 'struct' && node.kind === 'map') {
      this.#struct(type, node, (inner, value, name) => {
        if (name === 'metadata' && inner === objectMetaType()) this.value(inner, value);
        else if (!atRoot || (name !== 'apiVersion' && name !== 'kind')) this.custom(inner, value, false);
      });
    } else if (type.kind === 'list' && node.kind === 'sequence') {
      node.items.forEach((item, i) => this.#at(i, undefined, () => this.custom(type.item, item, false)));
    } else if (type.kind === 'map' && node.kind === 'map') {
      for (const pair of node.pairs) this.#at(keyText(pair.key), undefined, () => this.custom(type.value, pair.value, false));
    }
  }

  #struct(type: StructType, node: MapNode, into: (type: SchemaType, value: ManifestNode, name: string) => void): void {
    for (const pair of node.pairs) {
      const name = keyText(pair.key);
      if (pair.key.templated) continue;
      const field = type.fields.get(name);
      if (!field) {
        if (!type.preserveUnknown) this.#unknown(type, pair, name);
        continue;
      }
      if (isNothing(pair.value)) continue;
      this.#at(field, type, () => into(field.type, pair.value, name));
    }
  }

  #unknown(type: StructType, { key }: Pair, name: string): void {
    const path = this.#ctx.path();
    const nearest = nearestText(name, type.fields.keys());
    const message = `unknown field ${JSON.stringify(path ? `${path}.${name}` : name)}`;
    this.problems.push({ kind: 'unknown', message, node: key, ...(nearest === undefined ? {} : { nearest }) });
  }

  #items(type: SchemaType, items: readonly ManifestNode[]): void {
    items.forEach((item, i) => {
      if (!isNothing(item)) this.#at(i, undefined, () => this.value(type, item));
    });
  }

  #entries(type: SchemaType, node: MapNode, quantities: boolean): void {
    for (const { key, value } of node.pairs) {
      if (isNothing(value)) continue;
      this.#at(keyText(key), undefined, () => {
        if (quantities) this.#try(value, () => decodeQuantity(this.#ctx, plainValue(value), true));
        else this.value(type, value);
      });
    }
  }

  #scalar(type: ScalarType, node: ManifestNode): void {
    if (type.kind === 'any' || type.kind === 'fieldsV1' || (node as ScalarNode).templated) return;
    this.#try(node, () => decodeScalar(this.#ctx, type, plainValue(node)));
  }

  #try(node: ManifestNode, decode: () => unknown): void {
    try {
      decode();
    } catch (error) {
      if (!(error instanceof Abort)) throw error;
      this.#ctx.savedError ??= error.message;
    }
    const { savedError } = this.#ctx;
    this.#ctx.savedError = undefined;
    if (savedError !== undefined) this.problems.push({ kind: 'type', message: savedError, node });
  }

  #mismatch(node: ManifestNode, goType: string): void {
    if (node.kind === 'scalar' && node.templated) return;
    this.problems.push({ kind: 'type', message: this.#ctx.mismatch(jsonTypeName(plainValue(node)), goType), node });
  }

  #at(step: Parameters<DecodeContext['enter']>[0], owner: StructType | undefined, fn: () => void): void {
    this.#ctx.enter(step, owner);
    fn();
    this.#ctx.leave();
  }
}

/** null is as good as absent. */
const isNothing = (node: ManifestNode): boolean => node.kind === 'scalar' && node.value === null;
