/** Makes every generated file of the project. Each generator is one file under `scripts/generate/`. */
import { generateTypes } from './generate/types.ts';

generateTypes();
