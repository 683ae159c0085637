/** Claims, autoscalers, budgets and policies; and of every other kind its conditions and events. */
import type { ServerText } from '../../l10n.ts';
import type { ExplainStep } from '../feature.ts';
import type { SelectorLink } from '../../workspace/links.ts';
import { missingSteps } from './pods.ts';
import { selectorStep } from './traffic.ts';
import {
  conditionSteps,
  type ExplainContext,
  fieldsOf,
  isThere,
  locationOf,
  placesOf,
  step,
  type Subject,
  subjectNamed,
  titleOf,
  warningSteps,
  worst,
} from './subject.ts';

const storageClass = { group: 'storage.k8s.io', kind: 'StorageClass' };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function claimStep({ snapshot }: ExplainContext, subject: Subject): ExplainStep {
  const { live, written } = subject;
  const { t } = snapshot.l10n;
  if (!live) return absentStep(snapshot, subject, '{0} asks for storage');
  const phase = text(fieldsOf(live, 'status')['phase']) || 'Pending';
  const spec = fieldsOf(live, 'spec');
  if (phase === 'Bound')
    return step(t('{0}: bound to {1}', titleOf(subject), text(spec['volumeName'])), 'good', placesOf(subject));
  const className = text(spec['storageClassName']);
  const provisioner = subjectNamed(snapshot, storageClass, '', className);
  const known = snapshot.facts.knows(storageClass);
  const because: ExplainStep[] = [];
  if (!className) because.push(step(t('It has no StorageClass, so it waits for a volume that somebody makes'), 'waiting'));
  else if (known && !provisioner.live)
    because.push(
      step(
        t('{0} is not there', `StorageClass/${className}`),
        'bad',
        written ? { location: locationOf(written, 'spec.storageClassName') } : {},
      ),
    );
  else if (provisioner.live?.['volumeBindingMode'] === 'WaitForFirstConsumer')
    because.push(
      step(t('{0} waits for the first pod that uses the claim', `StorageClass/${className}`), 'waiting', placesOf(provisioner)),
    );
  because.push(...warningSteps(snapshot, subject));
  return step(t('{0}: {1}', titleOf(subject), phase), phase === 'Lost' ? 'bad' : worst(because, 'waiting'), {
    ...placesOf(subject),
    because,
  });
}

export function autoscalerStep(ctx: ExplainContext, subject: Subject): ExplainStep {
  const { snapshot } = ctx;
  const { live, written } = subject;
  const { t } = snapshot.l10n;
  const link = written?.links.find((each) => each.type === 'name' && each.path === 'spec.scaleTargetRef.name');
  const because: ExplainStep[] = [];
  if (link?.type === 'name') {
    const target = subjectNamed(snapshot, link.to, link.namespace, link.name);
    const known = snapshot.facts.knows(link.to);
    const location = { ...locationOf(link.from), selection: link.range };
    if (isThere(target)) because.push(...[ctx.explain(target)].flatMap((each) => each ?? []));
    else
      because.push(
        step(t(known ? '{0} is not there' : '{0} is not in the workspace', titleOf(target)), known ? 'bad' : 'unknown', {
          location,
        }),
      );
  }
  because.push(
    ...conditionSteps(snapshot, live, { AbleToScale: 'True', ScalingActive: 'True' }),
    ...warningSteps(snapshot, subject),
  );
  const status = fieldsOf(live, 'status');
  const [current, desired] = [String(status['currentReplicas'] ?? 0), String(status['desiredReplicas'] ?? 0)];
  const counted = current === '1' ? '{0}: {1} replica, wants {2}' : '{0}: {1} replicas, wants {2}';
  const title = live ? t(counted, titleOf(subject), current, desired) : titleOf(subject);
  if (!live && snapshot.facts.knows(subject)) because.unshift(step(t('It is not in the cluster'), 'waiting'));
  return step(title, worst(because, live ? 'good' : 'unknown'), { ...placesOf(subject), because });
}

/** Whatever is about the pods that it selects. */
export function selectingStep(ctx: ExplainContext, subject: Subject): ExplainStep {
  const { snapshot } = ctx;
  const links = (subject.written?.links ?? []).filter(
    (link): link is SelectorLink => link.type === 'selector' && /^spec\.(?:podS|s)elector$/.test(link.path),
  );
  const because = [
    ...links.map((link) => selectorStep(ctx, link)),
    ...conditionSteps(snapshot, subject.live, { DisruptionAllowed: 'True' }),
    ...warningSteps(snapshot, subject),
  ];
  return step(titleOf(subject), worst(because, 'good'), { ...placesOf(subject), because });
}

export function anyStep({ snapshot }: ExplainContext, subject: Subject): ExplainStep {
  const { live, written } = subject;
  if (!live) return absentStep(snapshot, subject, undefined);
  const because = [
    ...conditionSteps(snapshot, live, {
      Ready: 'True',
      Available: 'True',
      Established: 'True',
      MemoryPressure: 'False',
      DiskPressure: 'False',
      PIDPressure: 'False',
    }),
    ...(written ? missingSteps(snapshot, written) : []),
    ...warningSteps(snapshot, subject),
  ];
  const deleting = live.metadata.deletionTimestamp !== undefined;
  if (deleting && live.metadata.finalizers?.length)
    because.unshift(
      step(snapshot.l10n.t('It is being deleted, and waits for {0}', snapshot.l10n.list(live.metadata.finalizers)), 'waiting'),
    );
  return step(titleOf(subject), worst(because, 'good'), { ...placesOf(subject), because });
}

function absentStep(
  snapshot: ExplainContext['snapshot'],
  subject: Subject,
  does: Extract<ServerText, `{0} ${string}`> | undefined,
): ExplainStep {
  const { written } = subject;
  const because = written ? missingSteps(snapshot, written) : [];
  const absent = snapshot.facts.knows(subject);
  const says = absent ? '{0} is not in the cluster' : does;
  const title = says ? snapshot.l10n.t(says, titleOf(subject)) : titleOf(subject);
  return step(title, worst(because, absent ? 'waiting' : 'unknown'), { ...placesOf(subject), because });
}
