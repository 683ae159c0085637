/** `-o custom-columns=NAME:.metadata.name,…` */
import { goValueText } from '#common/api/goText.ts';
import { findJsonPath, type JsonPath } from '#common/api/jsonPath.ts';
import { plainError } from '../kubectlError.ts';
import { relaxedPath } from './jsonPathTemplate.ts';
import { TabWriter, tableLayout } from './tabWriter.ts';

interface Column {
  readonly header: string;
  readonly path: JsonPath;
}

export function parseColumns(spec: string): (objects: readonly unknown[], noHeaders: boolean) => string {
  if (!spec) throw plainError('custom-columns format specified but no custom columns given');
  const columns = spec.split(',').map((part): Column => {
    const [, header, path] = /^([^:]+):(.+)$/s.exec(part) ?? [];
    if (header === undefined || path === undefined)
      throw plainError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header, path: relaxedPath(path) };
  });
  return (objects, noHeaders) => {
    const writer = new TabWriter(tableLayout);
    if (!noHeaders) writer.write(`${columns.map(({ header }) => header).join('\t')}\n`);
    for (const object of objects)
      writer.write(
        `${columns
          .map(({ path }) => findJsonPath(path, object).map(goValueText))
          .map((values) => (values.length > 0 ? values.join(',') : '<none>'))
          .join('\t')}\n`,
      );
    return writer.flush();
  };
}
