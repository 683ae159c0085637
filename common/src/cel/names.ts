/** Which variables an expression names, those of its own macros left out. */
import type { CelNode } from './ast.ts';

export function variablesOf(node: CelNode): ReadonlySet<string> {
  const found = new Set<string>();
  collect(node, new Set(), found);
  return found;
}

function collect(node: CelNode, locals: ReadonlySet<string>, found: Set<string>): void {
  const visit = (inner: CelNode): void => collect(inner, locals, found);
  switch (node.kind) {
    case 'literal':
      return;
    case 'identifier':
      if (!locals.has(node.name)) found.add(node.name.replace(/^\./, ''));
      return;
    case 'select':
      return visit(node.operand);
    case 'call':
      if (node.target) visit(node.target);
      return node.arguments.forEach(visit);
    case 'list':
      return node.items.forEach((item) => visit(item.node));
    case 'map':
      for (const { key, value } of node.entries) [key, value].forEach(visit);
      return;
    case 'message':
      return node.fields.forEach(({ value }) => visit(value));
    case 'comprehension': {
      visit(node.range);
      const inner = new Set([...locals, ...node.variables]);
      if (node.condition) collect(node.condition, inner, found);
      return collect(node.result, inner, found);
    }
    case 'bind':
      visit(node.value);
      return collect(node.result, new Set([...locals, node.variable]), found);
  }
}
