/**
 * The shell's syntax tree, which the shell library parses. Loaded when the first shell runs: the library is large.
 */
import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode, WordNode } from 'just-bash';

export type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode, WordNode };
export type WordPart = WordNode['parts'][number];
export type Part<T extends WordPart['type']> = Extract<WordPart, { type: T }>;
export type Command<T extends CommandNode['type']> = Extract<CommandNode, { type: T }>;
export type Redirection = SimpleCommandNode['redirections'][number];
export type Assignment = SimpleCommandNode['assignments'][number];
export type ArithmeticExpression = Command<'ArithmeticCommand'>['expression'];
export type Arithmetic = ArithmeticExpression['expression'];
export type Conditional = Command<'ConditionalCommand'>['expression'];
export type ParameterOperation = NonNullable<Part<'ParameterExpansion'>['operation']>;

export type Parsed =
  | { readonly kind: 'script'; readonly script: ScriptNode }
  /** More lines are needed: an open quote, loop or here-document. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'error'; readonly message: string };

const endsOpen = /(?:\||&&|\|\||\\)\s*$/;

export async function parseScript(text: string): Promise<Parsed> {
  const { parse } = await import('just-bash');
  try {
    const script = parse(text);
    const refused = script.statements.find((statement) => statement.deferredError)?.deferredError;
    if (refused) return { kind: 'error', message: refused.message };
    if (endsOpen.test(text) || hasOpenHereDocument(text, script)) return { kind: 'incomplete' };
    return { kind: 'script', script };
  } catch (error) {
    const { token, name, message } = error as Error & { token?: { type?: string } };
    if (name !== 'ParseException' && name !== 'LexerError') throw error;
    // The library reports the end of the text as a token of its own, or as a quote that is never closed.
    if (token?.type === 'EOF' || /unexpected EOF/.test(message)) return { kind: 'incomplete' };
    return { kind: 'error', message: message.replace(/^(?:Parse error at \d+:\d+|line \d+): /, '') };
  }
}

function hasOpenHereDocument(text: string, script: ScriptNode): boolean {
  return text.includes('<<') && JSON.stringify(script).includes('"terminated":false');
}
