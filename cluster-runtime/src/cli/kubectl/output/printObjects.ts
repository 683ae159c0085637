/** `-o`: objects as JSON, YAML, names, JSONPath or columns of one's own. */
import type { ApiResource } from '#apiClient/discovery.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import type { FlagSpecs } from '../flags.ts';
import { bool } from '../flags.ts';
import { plainError } from '../kubectlError.ts';
import { kindText } from '../resourceMap.ts';
import type { Session } from '../session.ts';
import { parseColumns } from './customColumns.ts';
import { parseTemplate } from './jsonPathTemplate.ts';
import { prettyJson, yamlText } from './jsonText.ts';

export const outputFlags: FlagSpecs = {
  output: { kind: 'string', short: 'o' },
  'show-managed-fields': bool,
  template: { kind: 'string' },
};

export interface PrintedObject {
  readonly resource: Pick<ApiResource, 'kind' | 'group'>;
  readonly object: UntypedObject;
}

/** `single`: the object itself rather than a list of it. */
export type ObjectPrinter = (objects: readonly PrintedObject[], single: boolean) => string;

const formats =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml';

/** Undefined where a table, or a sentence, is wanted. */
export function objectPrinter(session: Session, allowed = formats): ObjectPrinter | undefined {
  const output = session.flags.text('output');
  if (!output || output === 'wide') return undefined;
  const keeps = session.flags.bool('show-managed-fields');
  const clean = (object: UntypedObject): UntypedObject => (keeps ? object : withoutManagedFields(object));
  const [format = '', argument] = split(output);
  const whole = (objects: readonly PrintedObject[], single: boolean): UntypedObject | ListObject => {
    const [only] = objects;
    if (single && only) return clean(only.object);
    return {
      apiVersion: 'v1',
      items: objects.map(({ object }) => clean(object)),
      kind: 'List',
      metadata: { resourceVersion: '' },
    };
  };
  switch (format) {
    case 'json':
      return (objects, single) => prettyJson(whole(objects, single));
    case 'yaml':
      return (objects, single) => yamlText(whole(objects, single));
    case 'name':
      return (objects) => objects.map(({ resource, object }) => `${kindText(resource)}/${object.metadata.name ?? ''}\n`).join('');
    case 'jsonpath': {
      if (!argument) throw plainError('template format specified but no template given');
      const fill = parseTemplate(argument);
      return (objects, single) => fill(whole(objects, single));
    }
    case 'jsonpath-as-json': {
      const fill = parseTemplate(argument ?? '');
      return (objects, single) => `${fill(whole(objects, single))}\n`;
    }
    case 'custom-columns': {
      const print = parseColumns(argument ?? '');
      return (objects) =>
        print(
          objects.map(({ object }) => clean(object)),
          session.flags.bool('no-headers'),
        );
    }
  }
  if (/^(?:go-template|template)/.test(format))
    throw plainError('this kubectl knows no go-template; use -o jsonpath or -o custom-columns instead');
  throw plainError(`unable to match a printer suitable for the output format "${format}", allowed formats are: ${allowed}`);
}

interface ListObject {
  readonly apiVersion: 'v1';
  readonly items: readonly UntypedObject[];
  readonly kind: 'List';
  readonly metadata: { readonly resourceVersion: '' };
}

function split(output: string): [string, string | undefined] {
  const at = output.indexOf('=');
  return at < 0 ? [output, undefined] : [output.slice(0, at), output.slice(at + 1)];
}

export function withoutManagedFields(object: UntypedObject): UntypedObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** What was done to an object: `deployment.apps/web created`, or the object itself where `-o` asks for it. */
export function resultPrinter(session: Session): (printed: PrintedObject, done: string) => void {
  const print = objectPrinter(session, formats.replace('custom-columns,custom-columns-file,', '').replace('wide,', ''));
  let count = 0;
  return (printed, done) => {
    const { resource, object } = printed;
    const between = print && count++ > 0 && session.flags.text('output') === 'yaml' ? '---\n' : '';
    session.io.out(print ? between + print([printed], true) : `${kindText(resource)}/${object.metadata.name ?? ''} ${done}\n`);
  };
}
