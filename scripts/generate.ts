/** Makes every generated file of the project. Each generator is one file under `scripts/generate/`. */
import { generateTables } from './generate/tables.ts';
import { generateTypes } from './generate/types.ts';

generateTypes();
generateTables();
