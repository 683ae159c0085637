/** What a PriorityLevelConfiguration may say, in the order and words of Kubernetes 1.36. */
import { type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { rangeProblem } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { goStructure, nested, plain } from './goStructure.ts';

const specPath = FieldPath.of('spec');
const limitedPath = specPath.child('limited');
const maxQueues = 10_000_000;
const maxHashBits = 60;
const specShape = [
  plain('Type', ''),
  nested('Limited', 'pointer', [
    plain('NominalConcurrencyShares', 0),
    nested('LimitResponse', 'value', [
      plain('Type', ''),
      nested('Queuing', 'pointer', [plain('Queues', 0), plain('HandSize', 0), plain('QueueLengthLimit', 0)]),
    ]),
    plain('LendablePercent'),
    plain('BorrowingLimitPercent'),
  ]),
  nested('Exempt', 'pointer', [plain('NominalConcurrencyShares'), plain('LendablePercent')]),
];

export function validatePriorityLevel(level: api.PriorityLevelConfiguration): FieldError[] {
  const { type = '', limited, exempt } = level.spec ?? {};
  const isExempt = level.metadata.name === 'exempt';
  const typePath = specPath.child('type');
  const errors: FieldError[] = [];
  if ((type === 'Exempt') !== isExempt && (isExempt || type === 'Exempt')) {
    errors.push(invalid(typePath, type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  }
  switch (type) {
    case 'Exempt':
      if (limited) errors.push(forbidden(limitedPath, 'must be nil if the type is not Limited'));
      if (exempt)
        errors.push(...validateShares(exempt, specPath.child('exempt')), ...validateLendable(exempt, specPath.child('exempt')));
      break;
    case 'Limited':
      if (exempt) errors.push(forbidden(specPath.child('exempt'), 'must be nil if the type is Limited'));
      if (limited) errors.push(...validateLimited(limited));
      else errors.push(required(limitedPath, 'must not be empty when type is Limited'));
      break;
    case '':
      errors.push(required(typePath));
      break;
    default:
      errors.push(notSupported(typePath, type, ['Exempt', 'Limited']));
  }
  if (isExempt && type !== 'Exempt') {
    const text = "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value";
    errors.push(invalid(specPath, goStructure(specShape, level.spec), text));
  }
  return errors;
}

interface Shares {
  nominalConcurrencyShares?: number;
  lendablePercent?: number;
}

const validateShares = ({ nominalConcurrencyShares: shares = 0 }: Shares, path: FieldPath): FieldError[] =>
  shares < 0 ? [invalid(path.child('nominalConcurrencyShares'), shares, 'must be a non-negative integer')] : [];

const validateLendable = ({ lendablePercent: percent = 0 }: Shares, path: FieldPath): FieldError[] =>
  percent < 0 || percent > 100 ? [invalid(path.child('lendablePercent'), percent, rangeProblem(0, 100))] : [];

function validateLimited(limited: api.LimitedPriorityLevelConfiguration): FieldError[] {
  const errors = validateShares(limited, limitedPath);
  errors.push(...validateResponse(limited.limitResponse), ...validateLendable(limited, limitedPath));
  const borrowing = limited.borrowingLimitPercent;
  if (borrowing !== undefined && borrowing < 0) {
    errors.push(invalid(limitedPath.child('borrowingLimitPercent'), borrowing, 'if specified, must be a non-negative integer'));
  }
  return errors;
}

function validateResponse(response: api.LimitResponse | undefined): FieldError[] {
  const path = limitedPath.child('limitResponse');
  const queuingPath = path.child('queuing');
  const { type = '', queuing } = response ?? {};
  switch (type) {
    case 'Reject':
      return queuing ? [forbidden(queuingPath, 'must be nil if limited.limitResponse.type is not Limited')] : [];
    case 'Queue':
      return queuing
        ? validateQueuing(queuing, queuingPath)
        : [required(queuingPath, 'must not be empty if limited.limitResponse.type is Limited')];
    case '':
      return [required(path.child('type'))];
    default:
      return [notSupported(path.child('type'), type, ['Queue', 'Reject'])];
  }
}

function validateQueuing(
  { queues = 0, handSize = 0, queueLengthLimit = 0 }: api.QueuingConfiguration,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const positive = (field: string, value: number): void => {
    if (value <= 0) errors.push(invalid(path.child(field), value, 'must be positive'));
  };
  positive('queueLengthLimit', queueLengthLimit);
  positive('queues', queues);
  if (queues > maxQueues) errors.push(invalid(path.child('queues'), queues, `must not be greater than ${maxQueues}`));
  positive('handSize', handSize);
  const handPath = path.child('handSize');
  if (queues > 0 && handSize > queues) {
    errors.push(invalid(handPath, handSize, `should not be greater than queues (${queues})`));
  } else if (queues > 0 && queues <= maxQueues && handSize > 0 && shuffleBits(queues, handSize) > maxHashBits) {
    const text = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${maxHashBits}`;
    errors.push(invalid(handPath, handSize, text));
  }
  return errors;
}

/** How many bits of a hash it takes to deal a hand. */
function shuffleBits(queues: number, handSize: number): number {
  let bits = 0;
  for (let i = 0; i < handSize; i++) bits += Math.log2(queues - i);
  return Math.ceil(bits);
}
