/** `kubectl create job NAME --image=…`, or `--from=cronjob/NAME`: a run of a CronJob now. */
import { resourcePath } from '#apiClient/apiPath.ts';
import type { CronJob } from '#common/schema/generated/types.ts';
import { createObject, nameArgument } from '../createObject.ts';
import { writeFlags } from '../dryRun.ts';
import { text } from '../flags.ts';
import { plainError } from '../kubectlError.ts';
import { outputFlags } from '../output/printObjects.ts';
import type { Session } from '../session.ts';
import type { Verb } from './verb.ts';

export const createJob: Verb = {
  summary: 'Create a job with the specified name.',
  usage: 'NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...] [options]',
  flags: { ...writeFlags, ...outputFlags, image: text, from: text },
  async run(session) {
    const { flags, afterDash = [] } = session;
    const name = nameArgument(session);
    const [image, from] = [flags.text('image'), flags.text('from')];
    if (!image === !from) throw plainError('either --image or --from must be specified');
    if (from && afterDash.length > 0) throw plainError('cannot specify --from and command');
    if (from) return fromCronJob(session, name, from);
    const container = { image, name, resources: {}, ...(afterDash.length ? { command: afterDash } : {}) };
    await createObject(session, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { creationTimestamp: null, name },
      ...{
        spec: { template: { metadata: { creationTimestamp: null }, spec: { containers: [container], restartPolicy: 'Never' } } },
        status: {},
      },
    });
  },
};

async function fromCronJob(session: Session, name: string, from: string): Promise<void> {
  const [type = '', cronJobName = ''] = from.split('/');
  const resource = await (await session.resources()).find(type);
  if (resource.kind !== 'CronJob') throw plainError('from must be an existing cronjob');
  const path = resourcePath(resource.apiVersion, resource.plural, await session.namespace(), cronJobName);
  const cronJob = await (await session.api()).get<CronJob>(path);
  const template = cronJob.spec?.jobTemplate;
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: cronJobName, uid: cronJob.metadata.uid, controller: true };
  await createObject(session, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      creationTimestamp: null,
      name,
      annotations: { ...template?.metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ...(template?.metadata?.labels ? { labels: template.metadata.labels } : {}),
      ownerReferences: [owner],
    },
    ...{ spec: template?.spec, status: {} },
  });
}
