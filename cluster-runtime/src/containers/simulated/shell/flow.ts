/** How `exit`, `return`, `break` and `continue` leave what they are in. */

export class ExitShell extends Error {
  readonly status: number;
  constructor(status: number) {
    super();
    this.status = status;
  }
}

export class ReturnFromFunction extends Error {
  readonly status: number;
  constructor(status: number) {
    super();
    this.status = status;
  }
}

export class LeaveLoop extends Error {
  readonly kind: 'break' | 'continue';
  levels: number;
  constructor(kind: 'break' | 'continue', levels: number) {
    super();
    this.kind = kind;
    this.levels = levels;
  }
}
