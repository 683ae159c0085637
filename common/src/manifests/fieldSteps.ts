/**
 * Field paths as the API writes them in its answers: `spec.containers[0].image`, `metadata.labels[app]`,
 * `.spec.containers[name="web"].image`.
 */
export type FieldStep =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  /** The item of a list whose keys have these values. */
  | { readonly kind: 'item'; readonly keys: ReadonlyMap<string, string> };

const stepPattern = /\.?([^.[\]]+)|\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/y;

/** The steps, as far as the text is a path. */
export function parseFieldPath(text: string): FieldStep[] {
  const steps: FieldStep[] = [];
  stepPattern.lastIndex = 0;
  for (let match = stepPattern.exec(text); match; match = stepPattern.exec(text)) {
    const [, name, inside] = match;
    steps.push(name !== undefined ? { kind: 'key', key: name } : bracketStep(inside ?? ''));
  }
  return steps;
}

function bracketStep(inside: string): FieldStep {
  if (/^\d+$/.test(inside)) return { kind: 'index', index: Number(inside) };
  const keys = new Map<string, string>();
  for (const [, key = '', quoted, bare] of inside.matchAll(/([A-Za-z]\w*)=(?:"((?:[^"\\]|\\.)*)"|([^,]+))/g)) {
    keys.set(key, quoted ?? bare ?? '');
  }
  return keys.size > 0 ? { kind: 'item', keys } : { kind: 'key', key: inside };
}

/** Plain steps, as `pathOf` and `pathAt` give them, in the API's form. */
export const stepsText = (steps: readonly (string | number)[]): string =>
  steps
    .map((step, i) => {
      if (typeof step === 'number') return `[${step}]`;
      return /[.[\]]/.test(step) ? `[${step}]` : `${i > 0 ? '.' : ''}${step}`;
    })
    .join('');
