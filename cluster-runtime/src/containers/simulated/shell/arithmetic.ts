/** `$((…))`, `((…))` and `let`, over whole numbers. */
import { expandToText } from './expand.ts';
import { parameterValue } from './parameters.ts';
import type { Shell } from './shell.ts';
import { type Arithmetic, parseScript } from './syntax.ts';
import { ShellError } from './variables.ts';

export async function evaluate(shell: Shell, node: Arithmetic): Promise<number> {
  switch (node.type) {
    case 'ArithNumber':
      return node.value;
    case 'ArithSingleQuote':
      return node.value;
    case 'ArithVariable':
    case 'ArithSpecialVar':
      return numberOf(parameterValue(shell, node.name), node.name, shell);
    case 'ArithArrayElement':
      return numberOf(shell.variables.element(node.array, node.index ? await evaluate(shell, node.index) : 0), node.array, shell);
    case 'ArithBracedExpansion':
      return numberOf(await expandText(shell, `\${${node.content}}`), node.content, shell);
    case 'ArithCommandSubst':
      return numberOf(await expandText(shell, `$(${node.command})`), node.command, shell);
    case 'ArithGroup':
    case 'ArithNested':
      return evaluate(shell, node.expression);
    case 'ArithTernary':
      return evaluate(shell, (await evaluate(shell, node.condition)) !== 0 ? node.consequent : node.alternate);
    case 'ArithUnary':
      return unary(shell, node);
    case 'ArithBinary':
      return binary(shell, node);
    case 'ArithAssignment': {
      const index = node.subscript ? await evaluate(shell, node.subscript) : undefined;
      const value = await evaluate(shell, node.value);
      const operator = node.operator.slice(0, -1);
      const before = index === undefined ? parameterValue(shell, node.variable) : shell.variables.element(node.variable, index);
      const result = operator === '' ? value : compute(operator, numberOf(before, node.variable, shell), value);
      if (index === undefined) shell.variables.set(node.variable, String(result));
      else shell.variables.setElement(node.variable, index, String(result));
      return result;
    }
    default:
      throw new ShellError('arithmetic syntax error', 2);
  }
}

async function unary(shell: Shell, node: Extract<Arithmetic, { type: 'ArithUnary' }>): Promise<number> {
  const value = await evaluate(shell, node.operand);
  switch (node.operator) {
    case '-':
      return -value;
    case '+':
      return value;
    case '!':
      return value === 0 ? 1 : 0;
    case '~':
      return ~value;
    case '++':
    case '--': {
      if (node.operand.type !== 'ArithVariable') throw new ShellError('arithmetic syntax error', 2);
      const next = value + (node.operator === '++' ? 1 : -1);
      shell.variables.set(node.operand.name, String(next));
      return node.prefix ? next : value;
    }
  }
}

async function binary(shell: Shell, node: Extract<Arithmetic, { type: 'ArithBinary' }>): Promise<number> {
  const left = await evaluate(shell, node.left);
  if (node.operator === '&&') return left !== 0 && (await evaluate(shell, node.right)) !== 0 ? 1 : 0;
  if (node.operator === '||') return left !== 0 || (await evaluate(shell, node.right)) !== 0 ? 1 : 0;
  return compute(node.operator, left, await evaluate(shell, node.right));
}

function compute(operator: string, a: number, b: number): number {
  const whole = (value: bigint): number => Number(BigInt.asIntN(64, value));
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0) throw new ShellError('divide by zero', 2);
      return operator === '/' ? Math.trunc(a / b) : a % b;
    case '**':
      return a ** b;
    case '<<':
      return whole(BigInt(a) << BigInt(b));
    case '>>':
      return whole(BigInt(a) >> BigInt(b));
    case '<':
      return a < b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '&':
      return whole(BigInt(a) & BigInt(b));
    case '|':
      return whole(BigInt(a) | BigInt(b));
    case '^':
      return whole(BigInt(a) ^ BigInt(b));
    default:
      return b;
  }
}

function numberOf(value: string | readonly string[] | undefined, name: string, shell: Shell, depth = 0): number {
  const text = (typeof value === 'object' ? (value[0] ?? '') : (value ?? '')).trim();
  if (text === '') {
    if (value === undefined && shell.options.has('u')) throw new ShellError(`${name}: parameter not set`, 2);
    return 0;
  }
  if (/^[+-]?(?:0[xX][0-9a-fA-F]+|\d+)$/.test(text)) {
    const negative = text.startsWith('-');
    const digits = text.replace(/^[+-]/, '');
    const number = /^0\d/.test(digits) ? parseInt(digits, 8) : Number(digits);
    return negative ? -number : number;
  }
  // A variable may name another one.
  if (/^[A-Za-z_]\w*$/.test(text) && depth < 10) return numberOf(shell.variables.get(text), text, shell, depth + 1);
  throw new ShellError(`arithmetic syntax error`, 2);
}

async function expandText(shell: Shell, text: string): Promise<string> {
  const parsed = await parseScript(`: "${text}"`);
  const command = parsed.kind === 'script' ? parsed.script.statements[0]?.pipelines[0]?.commands[0] : undefined;
  if (command?.type !== 'SimpleCommand' || !command.args[0]) throw new ShellError('arithmetic syntax error', 2);
  return expandToText(shell, command.args[0]);
}
