/**
 * What the rules found in one document, for as long as it holds. There is one for every document of the workspace, so what is
 * the same for all rules is written down once, and nothing is for a rule that found nothing and asked nobody.
 */
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import type { ObjectRole } from '../workspace/manifestObject.ts';
import type { Reading } from '../workspace/topics.ts';
import type { Finding, Rule } from './rule.ts';

export interface Found {
  /** Offsets as in the document's content. */
  readonly findings: readonly Finding[];
  /** What was asked of the graph. */
  readonly read: Reading | undefined;
}

/** What every rule's findings depend on, or those of rules that need more than the document. */
export interface Circumstances {
  /** The revision of the kinds. */
  readonly kinds: number;
  readonly role: ObjectRole;
  /** The revision of the facts. */
  readonly facts: number;
  /** Two documents of the same text are the same only to rules that look at nothing else. */
  readonly document: Pick<ManifestDocument, 'uri' | 'index'>;
}

const nothing: Found = { findings: [], read: undefined };

export class KeptFindings {
  readonly #found: (Found | undefined)[] = [];
  #kinds = -1;
  #role: ObjectRole = 'object';
  #facts = -1;
  #uri = '';
  #index = -1;

  /** Forgets whatever does not hold any more. */
  hold(rules: readonly Rule[], { kinds, role, facts, document: { uri, index } }: Circumstances): void {
    if (kinds !== this.#kinds || role !== this.#role) this.#found.length = 0;
    else if (uri !== this.#uri || index !== this.#index) this.#forget(rules, ({ needs }) => needs !== 'document');
    else if (facts !== this.#facts) this.#forget(rules, ({ needs }) => needs === 'facts');
    this.#kinds = kinds;
    this.#role = role;
    this.#facts = facts;
    this.#uri = uri;
    this.#index = index;
  }

  /** Of the rule with this number. What was read may be different by now. */
  get(rule: number): Found | undefined {
    return this.#found[rule];
  }

  set(rule: number, found: Found): void {
    this.#found[rule] = found.findings.length === 0 && !found.read ? nothing : found;
  }

  #forget(rules: readonly Rule[], what: (rule: Rule) => boolean): void {
    for (let i = 0; i < this.#found.length; i++) if (rules[i] && what(rules[i] as Rule)) this.#found[i] = undefined;
  }
}
