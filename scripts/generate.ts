/** Makes every generated file of the project. Each generator is one file under `scripts/generate/`. */
import { generateDescriptions } from './generate/descriptions.ts';
import { generateDiscovery } from './generate/discovery.ts';
import { generateOpenApi } from './generate/openApi.ts';
import { generateTables } from './generate/tables.ts';
import { generateTypes } from './generate/types.ts';

generateTypes();
generateTables();
generateDiscovery();
generateDescriptions();
generateOpenApi();
