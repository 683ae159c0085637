/** Every function that expressions of Kubernetes 1.36 may call. */
import { type CelFunctions, functionsByName } from '../environment.ts';
import { addressFunctions } from './addresses.ts';
import { conversionFunctions } from './conversions.ts';
import { listFunctions } from './lists.ts';
import { namedFormatFunctions } from './namedFormats.ts';
import { operatorFunctions } from './operators.ts';
import { optionalFunctions } from './optionals.ts';
import { quantityFunctions } from './quantities.ts';
import { regularExpressionFunctions } from './regularExpressions.ts';
import { semanticVersionFunctions } from './semanticVersions.ts';
import { setFunctions } from './sets.ts';
import { stringFunctions } from './strings.ts';
import { textFunctions } from './texts.ts';
import { timeFunctions } from './times.ts';
import { urlFunctions } from './urls.ts';

export const allFunctions: CelFunctions = functionsByName([
  ...operatorFunctions,
  ...conversionFunctions,
  ...textFunctions,
  ...timeFunctions,
  ...optionalFunctions,
  ...addressFunctions,
  ...listFunctions,
  ...namedFormatFunctions,
  ...quantityFunctions,
  ...regularExpressionFunctions,
  ...semanticVersionFunctions,
  ...setFunctions,
  ...stringFunctions,
  ...urlFunctions,
]);
