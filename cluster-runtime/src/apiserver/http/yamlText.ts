/** YAML as the API server writes it: keys in order, strings quoted only where they must be. Loaded on first use. */
import { stringify } from 'yaml';

export const yamlText = (value: unknown): string =>
  stringify(value, { sortMapEntries: true, lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false, version: '1.1' });
