/** `kubectl wait`: until a condition, a field or the absence of objects is so. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDuration } from '#common/api/duration.ts';
import { findJsonPath } from '#common/api/jsonPath.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { text } from '../flags.ts';
import { KubectlErrors, plainError } from '../kubectlError.ts';
import { fileTargets, readFiles } from '../manifestFiles.ts';
import { relaxedPath } from '../output/jsonPathTemplate.ts';
import { kindText } from '../resourceMap.ts';
import { allFlag, fetchTargets, fileFlags, pathOf, selectorFlags, targetsOf } from '../targets.ts';
import type { Verb } from './verb.ts';

interface Goal {
  readonly done: string;
  isReached(object: UntypedObject | undefined): boolean;
}

const pauseMs = 100;

export const wait: Verb = {
  summary: 'Wait for a specific condition on one or many resources.',
  usage:
    '([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) --for=delete|create|condition=NAME[=VALUE]|jsonpath={PATH}[=VALUE] [options]',
  flags: { ...selectorFlags, ...fileFlags, ...allFlag, for: text, timeout: text },
  async run(session) {
    const { flags, args, io } = session;
    const goal = parseGoal(flags.text('for') ?? '');
    const waitsForAbsence = flags.text('for')?.toLowerCase() === 'delete';
    const limit = parseDuration(flags.text('timeout') ?? '30s') ?? 30_000;
    const asked = flags.has('filename')
      ? await fileTargets(session, await readFiles(session))
      : await targetsOf(session, args, { command: 'kubectl wait', allByFlag: true });
    const errors: unknown[] = [];
    const isCreation = flags.text('for')?.toLowerCase() === 'create';
    const found = isCreation
      ? asked.map((target) => ({ target }))
      : await fetchTargets(session, asked, (error) => waitsForAbsence && hasReason(error, 'NotFound') ? undefined : errors.push(error)); // prettier-ignore
    if (errors.length > 0) throw new KubectlErrors(errors);
    if (found.length === 0 && !waitsForAbsence) throw plainError('no matching resources found');
    const api = await session.api();
    const deadline = performance.now() + limit;
    for (const { target } of found) {
      for (;;) {
        const object = await api.get<UntypedObject>(pathOf(target), io.signal).catch((error: unknown) => {
          if (hasReason(error, 'NotFound')) return undefined;
          throw error;
        });
        if (goal.isReached(object)) break;
        if (!object && !waitsForAbsence && !isCreation)
          throw plainError(`Error from server (NotFound): ${target.resource.plural} "${target.name ?? ''}" not found`);
        if (performance.now() >= deadline)
          throw plainError(`timed out waiting for the condition on ${target.resource.plural}/${target.name ?? ''}`);
        await sleep(pauseMs, undefined, { signal: io.signal });
      }
      io.out(`${kindText(target.resource)}/${target.name ?? ''} ${goal.done}\n`);
    }
  },
};

interface Condition {
  readonly type?: string;
  readonly status?: string;
}

function parseGoal(given: string): Goal {
  if (given === '') throw plainError('unrecognized condition: ""');
  if (given.toLowerCase() === 'delete') return { done: 'condition met', isReached: (object) => !object };
  if (given.toLowerCase() === 'create') return { done: 'condition met', isReached: (object) => !!object };
  const [, type, value] = /^condition=([^=]+)(?:=(.*))?$/.exec(given) ?? [];
  if (type !== undefined) {
    const wanted = (value ?? 'true').toLowerCase();
    return {
      done: 'condition met',
      isReached: (object) => {
        const { conditions = [] } = (object?.['status'] ?? {}) as { conditions?: readonly Condition[] };
        return conditions.some(
          (condition) => condition.type?.toLowerCase() === type.toLowerCase() && condition.status?.toLowerCase() === wanted,
        );
      },
    };
  }
  const [, field, wanted] =
    /^jsonpath=(\{.*?\}|[^=]+)(?:=(.*))?$/s.exec(given.replace(/^jsonpath='(.*)'$/s, 'jsonpath=$1')) ?? [];
  if (field === undefined) throw plainError(`unrecognized condition: ${JSON.stringify(given)}`);
  const path = relaxedPath(field);
  return {
    done: 'condition met',
    isReached: (object) => {
      const [first] = object ? findJsonPath(path, object) : [];
      return first !== undefined && (wanted === undefined || String(first) === wanted.replace(/^(["'])(.*)\1$/, '$2'));
    },
  };
}
