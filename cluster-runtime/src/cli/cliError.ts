/** What a person did that cannot work, said in one sentence with what to do. Exit status 1, or 2 for wrong usage. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
