/** `label` and `annotate`: `KEY=VALUE` sets, `KEY-` takes away. */
import { mergePatch } from '#apiClient/apiClient.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { dryRunOf, dryRunSuffix, writeFlags } from '../dryRun.ts';
import { bool, text } from '../flags.ts';
import { KubectlErrors, plainError } from '../kubectlError.ts';
import { fileTargets, readFiles } from '../manifestFiles.ts';
import { kindText } from '../resourceMap.ts';
import { allFlag, fetchTargets, fileFlags, pathOf, selectorFlags, targetsOf } from '../targets.ts';
import { objectPrinter, outputFlags } from '../output/printObjects.ts';
import type { Verb } from './verb.ts';

interface Wording {
  readonly field: 'labels' | 'annotations';
  readonly noun: 'label' | 'annotation';
  readonly verb: 'label' | 'annotate';
  readonly done: string;
}

export const metadataVerb = ({ field, noun, verb, done }: Wording): Verb => ({
  summary: `Update the ${field} on a resource.`,
  usage: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [options]',
  flags: {
    ...selectorFlags,
    ...fileFlags,
    ...allFlag,
    ...outputFlags,
    overwrite: bool,
    list: bool,
    'dry-run': writeFlags['dry-run'] ?? text,
    'resource-version': text,
    'field-manager': text,
  },
  async run(session) {
    const { flags, args, io } = session;
    const isChange = (word: string): boolean => /^[^=]+=/.test(word) || (word.endsWith('-') && word.length > 1);
    const at = args.findIndex(isChange);
    const [resources, changes] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at)];
    const asked = flags.has('filename')
      ? await fileTargets(session, await readFiles(session))
      : await targetsOf(session, resources, { command: `kubectl ${verb}`, allByFlag: true, allOfType: flags.bool('list') });
    if (changes.length === 0 && !flags.bool('list')) throw plainError(`at least one ${noun} update is required`);
    const [set, removed] = parse(changes, noun);
    const errors: unknown[] = [];
    const print = objectPrinter(session);
    const dryRun = dryRunOf(session);
    const api = await session.api();
    for (const { target, object } of await fetchTargets(session, asked, (error) => errors.push(error))) {
      const present = object.metadata[field] ?? {};
      if (flags.bool('list')) {
        if (changes.length === 0) {
          for (const key of Object.keys(present).sort()) io.out(`${key}=${present[key] ?? ''}\n`);
          continue;
        }
      }
      try {
        for (const [key, value] of set)
          if (!flags.bool('overwrite') && Object.hasOwn(present, key) && present[key] !== value)
            throw plainError(
              noun === 'label'
                ? `'${key}' already has a value (${present[key]}), and --overwrite is false`
                : `--overwrite is false but found the following declared annotation(s): '${key}' already has a value (${present[key]})`,
            );
        for (const key of removed) if (!Object.hasOwn(present, key)) io.out(`${noun} ${JSON.stringify(key)} not found.\n`);
        const changed =
          [...set].some(([key, value]) => present[key] !== value) || removed.some((key) => Object.hasOwn(present, key));
        const patch = { metadata: { [field]: Object.fromEntries([...set, ...removed.map((key) => [key, null] as const)]) } };
        const path = withQuery(pathOf(target), {
          fieldManager: flags.text('field-manager') ?? `kubectl-${verb}`,
          dryRun: dryRun === 'server' ? 'All' : undefined,
        });
        const result =
          dryRun === 'client' || !changed ? object : (await api.send<UntypedObject>('PATCH', path, patch, mergePatch)).object;
        const word =
          verb === 'annotate' ? done : !changed ? 'not labeled' : set.size === 0 && removed.length > 0 ? 'unlabeled' : done;
        io.out(
          print
            ? print([{ resource: target.resource, object: result }], true)
            : `${kindText(target.resource)}/${target.name ?? ''} ${word}${dryRunSuffix(dryRun)}\n`,
        );
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new KubectlErrors(errors);
  },
});

function parse(changes: readonly string[], noun: string): [Map<string, string>, string[]] {
  const set = new Map<string, string>();
  const removed: string[] = [];
  for (const change of changes) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(change) ?? [];
    if (key !== undefined && value !== undefined) set.set(key, value);
    else if (change.endsWith('-')) removed.push(change.slice(0, -1));
    else throw plainError(`unknown ${noun} spec: ${change}`);
  }
  const both = removed.find((key) => set.has(key));
  if (both !== undefined) throw plainError(`cannot modify ${both} since it is also to be removed`);
  return [set, removed];
}
