/** Values as YAML that reads back the same everywhere: what only some readers take for a text (`on`, `1_000`) is quoted. */
import { stringify } from 'yaml';

export interface YamlStyle {
  /** Lists stand further right than the key that they belong to. */
  readonly indentLists: boolean;
}

/** Lines without a line end after the last one. */
export const yamlText = (value: unknown, { indentLists }: YamlStyle = { indentLists: true }): string =>
  stringify(value, { lineWidth: 0, indentSeq: indentLists, aliasDuplicateObjects: false, version: '1.1' }).trimEnd();

/** A text as a plain scalar, or quoted where it must be. */
export const scalarText = (value: string): string => {
  const text = yamlText(value);
  // A text of several lines, where only one fits.
  return text.includes('\n') ? JSON.stringify(value) : text;
};

/** In one line, as JSON is. Without quotes around plain keys unless `json`. */
export function flowText(value: unknown, json: boolean): string {
  if (typeof value === 'string') return json ? JSON.stringify(value) : flowScalar(value);
  if (Array.isArray(value)) return `[${value.map((each) => flowText(each, json)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  return `{${Object.entries(value)
    .map(([key, each]) => `${flowText(key, json)}: ${flowText(each, json)}`)
    .join(', ')}}`;
}

/** Brackets and commas end a plain text there. */
const flowScalar = (value: string): string => (/[,[\]{}]/.test(value) ? JSON.stringify(value) : scalarText(value));
