/** Semantic versions (`1.2.3-alpha.1+build`), read strictly or, with `true`, forgivingly: `v1.2`, `01.2.3`. */
import { goQuoted } from '#common/api/goText.ts';
import { type CelFunction, fn, method } from '../environment.ts';
import { CelError, CelOpaque } from '../values.ts';

export class CelSemver extends CelOpaque {
  readonly type = 'kubernetes.Semver';
  /** Major, minor, patch. */
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];
  readonly build: string;
  constructor(numbers: readonly bigint[], prerelease: readonly string[], build: string) {
    super();
    this.numbers = numbers;
    this.prerelease = prerelease;
    this.build = build;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelSemver && compare(this, other) === 0;
  }
  toString(): string {
    const prerelease = this.prerelease.length > 0 ? `-${this.prerelease.join('.')}` : '';
    return `${this.numbers.join('.')}${prerelease}${this.build ? `+${this.build}` : ''}`;
  }
}

const digits = /^\d+$/;
const identifier = /^[0-9A-Za-z-]+$/;

function read(text: string): CelSemver {
  if (text === '') throw new CelError('Version string empty');
  const parts = text.split('.');
  if (parts.length < 3) throw new CelError('No Major.Minor.Patch elements found');
  const [major = '', minor = '', ...more] = parts;
  const rest = more.join('.');
  const plus = rest.indexOf('+');
  const build = plus < 0 ? undefined : rest.slice(plus + 1);
  const unbuilt = plus < 0 ? rest : rest.slice(0, plus);
  const dash = unbuilt.indexOf('-');
  const prerelease = dash < 0 ? [] : unbuilt.slice(dash + 1).split('.');
  const patch = dash < 0 ? unbuilt : unbuilt.slice(0, dash);
  const numbers = [number('major', major), number('minor', minor), number('patch', patch)];
  for (const each of prerelease) checkPrerelease(each);
  for (const each of build?.split('.') ?? []) {
    if (each === '') throw new CelError('Build meta data is empty');
    if (!identifier.test(each)) throw new CelError(`Invalid character(s) found in build meta data ${goQuoted(each)}`);
  }
  return new CelSemver(numbers, prerelease, build ?? '');
}

function number(name: string, text: string): bigint {
  if (text !== '' && !digits.test(text)) throw new CelError(`Invalid character(s) found in ${name} number ${goQuoted(text)}`);
  if (text.length > 1 && text.startsWith('0')) {
    throw new CelError(
      `${name.charAt(0).toUpperCase()}${name.slice(1)} number must not contain leading zeroes ${goQuoted(text)}`,
    );
  }
  return parseUint(text);
}

function parseUint(text: string): bigint {
  if (text === '') throw new CelError('strconv.ParseUint: parsing "": invalid syntax');
  const value = BigInt(text);
  if (value >= 2n ** 64n) throw new CelError(`strconv.ParseUint: parsing ${goQuoted(text)}: value out of range`);
  return value;
}

function checkPrerelease(text: string): void {
  if (text === '') throw new CelError('Prerelease is empty');
  if (digits.test(text)) {
    if (text.length > 1 && text.startsWith('0')) {
      throw new CelError(`Numeric PreRelease version must not contain leading zeroes ${goQuoted(text)}`);
    }
    parseUint(text);
  } else if (!identifier.test(text)) throw new CelError(`Invalid character(s) found in prerelease ${goQuoted(text)}`);
}

/** Without a `v` in front and zeros at the start of numbers, and with the numbers that are missing. */
function normalized(text: string): string {
  const parts = splitAtDots(text.startsWith('v') ? text.slice(1) : text).map((part) => {
    if (part.length < 2) return part;
    const rest = part.replace(/^0+/, '');
    return /^\d/.test(rest) ? rest : `0${rest}`;
  });
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? '')) {
    throw new CelError('short version cannot contain PreRelease/Build meta data');
  }
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}

function splitAtDots(text: string): string[] {
  const [major = '', minor, ...patch] = text.split('.');
  return minor === undefined ? [major] : patch.length === 0 ? [major, minor] : [major, minor, patch.join('.')];
}

function semver(text: string, isForgiving = false): CelSemver {
  return read(isForgiving ? normalized(text) : text);
}

function isSemver(text: string, isForgiving = false): boolean {
  try {
    semver(text, isForgiving);
    return true;
  } catch (error) {
    if (error instanceof CelError) return false;
    throw error;
  }
}

/** A version before its release comes first; the build says nothing of the order. */
function compare(a: CelSemver, b: CelSemver): number {
  for (const [i, value] of a.numbers.entries()) {
    const other = b.numbers[i] ?? 0n;
    if (value !== other) return value < other ? -1 : 1;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return Math.sign(b.prerelease.length - a.prerelease.length);
  for (const [i, part] of a.prerelease.entries()) {
    const other = b.prerelease[i];
    if (other === undefined) return 1;
    if (part === other) continue;
    const [isNumber, isOtherNumber] = [digits.test(part), digits.test(other)];
    if (isNumber && isOtherNumber) return BigInt(part) < BigInt(other) ? -1 : 1;
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return part < other ? -1 : 1;
  }
  return a.prerelease.length < b.prerelease.length ? -1 : 0;
}

const self = 'kubernetes.Semver';
const part =
  (place: number) =>
  ({ numbers }: CelSemver): bigint =>
    BigInt.asIntN(64, numbers[place] ?? 0n);

export const semanticVersionFunctions: readonly CelFunction[] = [
  fn(`semver(string): ${self}`, (text: string) => semver(text)),
  fn(`semver(string, bool): ${self}`, (text: string, isForgiving: boolean) => semver(text, isForgiving)),
  fn('isSemver(string): bool', (text: string) => isSemver(text)),
  fn('isSemver(string, bool): bool', (text: string, isForgiving: boolean) => isSemver(text, isForgiving)),
  method(self, 'major(): int', part(0)),
  method(self, 'minor(): int', part(1)),
  method(self, 'patch(): int', part(2)),
  method(self, `isLessThan(${self}): bool`, (a: CelSemver, b: CelSemver) => compare(a, b) < 0),
  method(self, `isGreaterThan(${self}): bool`, (a: CelSemver, b: CelSemver) => compare(a, b) > 0),
  method(self, `compareTo(${self}): int`, (a: CelSemver, b: CelSemver) => BigInt(compare(a, b))),
];
