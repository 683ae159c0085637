/**
 * What can be gone to, found and renamed: an object, a key of a ConfigMap or Secret, a label, a port by name, a name that
 * counts only inside its object. One place in a text stands for one of these, whether it declares or uses it.
 */
import type { TextRange } from '#common/manifests/nodes.ts';
import type { KindName } from '../../facts/liveFacts.ts';
import type { LabelOwner } from '../../workspace/labelOwners.ts';
import type { LocalLink, SelectorLink } from '../../workspace/links.ts';
import type { ManifestObject } from '../../workspace/manifestObject.ts';

export interface ObjectSymbol {
  readonly type: 'object';
  readonly kind: KindName;
  readonly namespace: string;
  readonly name: string;
}

export interface KeySymbol {
  readonly type: 'key';
  readonly kind: KindName;
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** One label, `part` being what the cursor is on: `app`, or the `web` of `app: web`. */
export interface LabelSymbol {
  readonly type: 'label';
  readonly part: 'key' | 'value';
  readonly key: string;
  readonly value: string;
  readonly at: { readonly owner: LabelOwner } | { readonly selector: SelectorLink };
}

/** A named port of the containers of one pod or template. */
export interface ContainerPortSymbol {
  readonly type: 'containerPort';
  readonly object: ManifestObject;
  readonly podSpecPath: string;
  readonly name: string;
}

export interface ServicePortSymbol {
  readonly type: 'servicePort';
  readonly namespace: string;
  readonly service: string;
  readonly name: string;
}

/** A volume, a resource claim: known only in its object. */
export interface LocalSymbol {
  readonly type: 'local';
  readonly object: ManifestObject;
  readonly lists: LocalLink['lists'];
  readonly name: string;
}

export type ManifestSymbol = ObjectSymbol | KeySymbol | LabelSymbol | ContainerPortSymbol | ServicePortSymbol | LocalSymbol;

/** A symbol where the cursor is. */
export interface SymbolAt {
  readonly symbol: ManifestSymbol;
  /** The word that stands for it here. */
  readonly range: TextRange;
  /** That word's text, without quotes. */
  readonly text: string;
}

/** A place that stands for a symbol. */
export interface Occurrence {
  readonly object: ManifestObject;
  readonly range: TextRange;
  /** It is where the symbol comes from, not a mention of it. */
  readonly declares: boolean;
}
