/** What an expression runs in: its variables, those of the macros around, and how much it may still cost. */
import { CelError, type CelValue } from './values.ts';

/** How much may be worked out: each call and each element that a macro looks at is one, each 10 characters of an argument too. */
export class CelBudget {
  #left: number;
  readonly #whole: CelBudget | undefined;

  /** What is spent of a part is spent of the whole, too. */
  constructor(cost: number, whole?: CelBudget) {
    this.#left = cost;
    this.#whole = whole;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }

  spend(cost: number): void {
    this.#left -= cost;
    this.#whole?.spend(cost);
    if (this.#left < 0) throw new CelBudgetError('operation cancelled: actual cost limit exceeded');
  }
}

/** No operator takes this one back. */
export class CelBudgetError extends CelError {}

/** Variables by name; undefined where the environment's declaration has no value now. */
export type Activation = (name: string) => CelValue | undefined;

export class Frame {
  readonly variables: Activation;
  readonly budget: CelBudget;
  /** The macro's variable, where the frame is a macro's. */
  readonly name: string;
  readonly value: CelValue;
  readonly outer: Frame | undefined;

  constructor(variables: Activation, budget: CelBudget, name = '', value: CelValue = null, outer?: Frame) {
    this.variables = variables;
    this.budget = budget;
    this.name = name;
    this.value = value;
    this.outer = outer;
  }

  with(name: string, value: CelValue): Frame {
    return new Frame(this.variables, this.budget, name, value, this);
  }
}

/** One part of a program. */
export type Step = (frame: Frame) => CelValue;

export function isTrue(value: CelValue): boolean {
  if (typeof value !== 'boolean') throw new CelError('no such overload');
  return value;
}

/** What another operand may make up for; everything else goes on its way. */
export function recoverable(caught: unknown): CelError {
  if (caught instanceof CelError && !(caught instanceof CelBudgetError)) return caught;
  throw caught;
}
