/** Which variables an expression names, those of its own macros left out. */
import { type CelNode, partsOf } from './ast.ts';

export function variablesOf(node: CelNode): ReadonlySet<string> {
  const found = new Set<string>();
  collect(node, new Set(), found);
  return found;
}

function collect(node: CelNode, locals: ReadonlySet<string>, found: Set<string>): void {
  if (node.kind === 'identifier') {
    if (!locals.has(node.name)) found.add(node.name.replace(/^\./, ''));
    return;
  }
  const own = node.kind === 'comprehension' ? node.variables : node.kind === 'bind' ? [node.variable] : [];
  // What a macro goes over is written outside of its variables.
  const outside = node.kind === 'comprehension' ? node.range : node.kind === 'bind' ? node.value : undefined;
  const inner = own.length > 0 ? new Set([...locals, ...own]) : locals;
  for (const part of partsOf(node)) collect(part, part === outside ? locals : inner, found);
}
