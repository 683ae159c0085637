/**
 * The Common Expression Language as Kubernetes 1.36 has it: from a text to a program. Reading and checking report in the words
 * of the API server; programs throw CelError.
 *
 * Differs from Kubernetes: what an expression may cost is counted when it runs, roughly; nothing is estimated before.
 *
 * Differs from Kubernetes: behind the first place that cannot be read, other than a single word too many, nothing more is
 * complained of; there reading goes on as well as it can.
 *
 * Differs from Kubernetes: messages of the protocol buffers' own library (`google.protobuf.Timestamp{seconds: 1}`) are unknown.
 */
import { checkCel } from './check.ts';
import type { CelEnvironment } from './environment.ts';
import { type CelProgram, compileProgram } from './evaluate.ts';
import { constantProblem, literalProblems } from './literals.ts';
import { variablesOf } from './names.ts';
import { parseCel } from './parse.ts';
import { CelSyntaxError, formatProblems } from './problem.ts';
import type { CelType } from './types.ts';

export interface CompiledCel {
  readonly type: CelType;
  /** The variables that it names. */
  readonly variables: ReadonlySet<string>;
  readonly run: CelProgram;
}

/** `ERROR: <input>:1:5: undefined field 'b'` and the place in the text. */
export interface CelRefusal {
  readonly problem: string;
  /** The expression is well written, and cannot be run: `int('x')`. Kubernetes calls that an internal error. */
  readonly isInternal?: true;
  /** Of what is refused for that: a type that does not fit is told of first. */
  readonly type?: CelType;
}

/** Or what is wrong with it. */
export function compileCel(source: string, environment: CelEnvironment): CompiledCel | CelRefusal {
  try {
    const node = parseCel(source);
    const { type, types, problems } = checkCel(node, environment);
    const found = problems.length > 0 ? problems : literalProblems(node, types);
    if (found.length > 0) return { problem: formatProblems(source, found) };
    const constant = constantProblem(node, environment);
    if (constant !== undefined) return { problem: constant, isInternal: true, type };
    return { type, variables: variablesOf(node), run: compileProgram(node, environment) };
  } catch (error) {
    if (error instanceof CelSyntaxError) return { problem: formatProblems(source, error.problems) };
    throw error;
  }
}
