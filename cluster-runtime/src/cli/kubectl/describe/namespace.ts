import { addQuantities, parseQuantity } from '#common/api/quantity.ts';
import type { LimitRange, Namespace, ResourceQuota } from '#common/schema/generated/types.ts';
import { headLines, sortedKeys } from './common.ts';
import { type Describer, listOf, Page } from './describer.ts';

export const describeNamespace: Describer = async (ctx, object) => {
  const { metadata, status } = object as unknown as Namespace;
  const page = new Page();
  headLines(page, object, { namespace: false });
  page.line(0, `Status:\t${status?.phase ?? ''}`);
  if (status?.conditions?.length) {
    page.lines(0, [
      'Conditions:',
      '  Type\tStatus\tLastTransitionTime\tReason\tMessage',
      '  ----\t------\t------------------\t------\t-------',
    ]);
    for (const { type, status: value, lastTransitionTime = '', reason = '', message = '' } of status.conditions)
      page.line(1, [type, value, lastTransitionTime ?? '', reason, message].join('\t'));
  }
  const [quotas, limits] = await Promise.all([
    listOf<ResourceQuota>(ctx, 'v1', 'resourcequotas', metadata.name),
    listOf<LimitRange>(ctx, 'v1', 'limitranges', metadata.name),
  ]);
  page.line(0, '');
  if (quotas.length === 0) page.line(0, 'No resource quota.');
  else {
    page.line(0, 'Resource Quotas');
    for (const { metadata: of, status: quota } of quotas) {
      page.lines(1, [`Name:\t${of.name ?? ''}`, 'Resource\tUsed\tHard', '--------\t---\t---']);
      for (const name of sortedKeys(quota?.hard))
        page.line(1, `${name}\t${quota?.used?.[name] ?? '0'}\t${quota?.hard?.[name] ?? ''}`);
    }
  }
  page.line(0, '');
  if (limits.length === 0) page.line(0, 'No LimitRange resource.');
  else {
    page.lines(0, ['Resource Limits', ` ${limitTitles}`, ` ${limitRules}`]);
    for (const limit of limits) for (const row of limitRows(limit)) page.line(0, ` ${row}`);
  }
  return page.toString();
};

const limitTitles = 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio';
const limitRules = '----\t--------\t---\t---\t---------------\t-------------\t-----------------------';

function limitRows({ spec }: LimitRange): string[] {
  return (spec?.limits ?? []).flatMap((limit) => {
    const maps = [limit.min, limit.max, limit.defaultRequest, limit.default, limit.maxLimitRequestRatio];
    const names = [...new Set(maps.flatMap((map) => Object.keys(map ?? {})))].sort();
    return names.map((name) => [limit.type, name, ...maps.map((map) => map?.[name] ?? '-')].join('\t'));
  });
}

export const describeLimitRange: Describer = (_, object) => {
  const page = new Page();
  page.line(0, `Name:\t${object.metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${object.metadata.namespace ?? ''}`);
  page.lines(0, [limitTitles, limitRules, ...limitRows(object as unknown as LimitRange)]);
  return Promise.resolve(page.toString());
};

const scopeTexts: Readonly<Record<string, string>> = {
  Terminating:
    ' * Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    ' * Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort: ' * Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    ' * Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

export const describeResourceQuota: Describer = (_, object) => {
  const { metadata, spec, status } = object as unknown as ResourceQuota;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  if (spec?.scopes?.length) {
    page.line(0, `Scopes:\t${[...spec.scopes].sort().join(', ')}`);
    for (const scope of [...spec.scopes].sort()) if (scopeTexts[scope]) page.line(0, scopeTexts[scope]);
  }
  page.lines(0, ['Resource\tUsed\tHard', '--------\t----\t----']);
  for (const name of sortedKeys(status?.hard))
    page.line(0, `${name}\t${usedText(status?.used?.[name])}\t${status?.hard?.[name] ?? ''}`);
  return Promise.resolve(page.toString());
};

/** In canonical form, as it is kept. */
function usedText(used = '0'): string {
  const [amount, nothing] = [parseQuantity(used), parseQuantity('0')];
  return amount && nothing ? addQuantities(nothing, amount).text : used;
}
