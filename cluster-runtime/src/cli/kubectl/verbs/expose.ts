/** `kubectl expose`: a Service for the pods of a workload, or of another Service. */
import type { Container, ServicePort } from '#common/schema/generated/types.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { createObject } from '../createObject.ts';
import { writeFlags } from '../dryRun.ts';
import { text } from '../flags.ts';
import { KubectlErrors, plainError, usageError } from '../kubectlError.ts';
import { fileTargets, readFiles } from '../manifestFiles.ts';
import { outputFlags } from '../output/printObjects.ts';
import type { Session } from '../session.ts';
import { fetchTargets, fileFlags, targetsOf } from '../targets.ts';
import type { Verb } from './verb.ts';

interface Exposable {
  readonly selector?: Readonly<Record<string, unknown>> & {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly unknown[];
  };
  readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } };
  readonly containers?: readonly Container[];
  readonly ports?: readonly ServicePort[];
}

export const expose: Verb = {
  summary: 'Expose a resource as a new Kubernetes service.',
  usage:
    '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--type=type] [options]',
  flags: {
    ...fileFlags,
    ...writeFlags,
    ...outputFlags,
    port: text,
    'target-port': text,
    protocol: text,
    name: text,
    type: text,
    selector: text,
    labels: { kind: 'string', short: 'l' },
    'external-ip': text,
    'load-balancer-ip': text,
    'session-affinity': text,
    'cluster-ip': text,
  },
  async run(session) {
    const { flags, args } = session;
    const asked = flags.has('filename')
      ? await fileTargets(session, await readFiles(session))
      : await targetsOf(session, args, { command: 'kubectl expose', selectorIsOther: true });
    const errors: unknown[] = [];
    const found = await fetchTargets(session, asked, (error) => errors.push(error));
    if (errors.length > 0) throw new KubectlErrors(errors);
    for (const { target, object } of found) {
      const spec = (object['spec'] ?? {}) as Exposable;
      const name = flags.text('name') ?? (object.metadata.name ?? '').slice(0, 63);
      const labels = pairs(flags.text('labels')) ?? object.metadata.labels;
      const selector = pairs(flags.text('selector')) ?? selectorOf(target.resource.kind, spec, object);
      if (!selector)
        throw plainError(`cannot expose a ${[target.resource.kind, target.resource.group].filter(Boolean).join('.')}`);
      const ports = portsOf(session, target.resource.kind, spec);
      const [type, address, balancer, affinity, cluster] = [
        'type',
        'external-ip',
        'load-balancer-ip',
        'session-affinity',
        'cluster-ip',
      ].map((flag) => flags.text(flag));
      await createObject(
        session,
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { creationTimestamp: null, ...(labels && Object.keys(labels).length ? { labels } : {}), name },
          ...{
            spec: {
              ports,
              selector,
              ...(type ? { type } : {}),
              ...(address ? { externalIPs: [address] } : {}),
              ...(balancer ? { loadBalancerIP: balancer } : {}),
              ...(affinity ? { sessionAffinity: affinity } : {}),
              ...(cluster ? { clusterIP: cluster } : {}),
            },
            status: { loadBalancer: {} },
          },
        },
        'exposed',
        'kubectl-expose',
      );
    }
  },
};

function pairs(given: string | undefined): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  return Object.fromEntries(
    given.split(',').map((pair) => {
      const [, key = '', value = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
      if (!key) throw plainError(`couldn't parse: "${pair}" is not of the form key=value`);
      return [key, value];
    }),
  );
}

function selectorOf(
  kind: string,
  { selector }: Exposable,
  { metadata }: UntypedObject,
): Readonly<Record<string, unknown>> | undefined {
  if (kind === 'Pod') {
    if (!metadata.labels || Object.keys(metadata.labels).length === 0)
      throw plainError(
        "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
      );
    return metadata.labels;
  }
  if (kind === 'Service' || kind === 'ReplicationController') return selector;
  if (kind !== 'Deployment' && kind !== 'ReplicaSet') return undefined;
  if (selector?.matchExpressions?.length)
    throw plainError(
      `couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - "${JSON.stringify(selector.matchExpressions)}" to map-based selector format`,
    );
  return selector?.matchLabels;
}

function portsOf(session: Session, kind: string, spec: Exposable): object[] {
  const { flags } = session;
  const containers = spec.template?.spec?.containers ?? spec.containers ?? [];
  const own =
    kind === 'Service'
      ? (spec.ports ?? []).map(({ port, protocol }) => ({ port, protocol }))
      : containers.flatMap(({ ports = [] }) => ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol })));
  const given = flags
    .text('port')
    ?.split(',')
    .map((port) => ({ port: Number(port), protocol: own.find((each) => each.port === Number(port))?.protocol }));
  const wanted = given ?? own;
  if (wanted.length === 0) throw usageError('kubectl expose', "couldn't find port via --port flag or introspection");
  const target = flags.text('target-port');
  return wanted.map(({ port, protocol = 'TCP' }, i) => ({
    ...(wanted.length > 1 ? { name: `port-${i + 1}` } : {}),
    port,
    protocol: flags.text('protocol') ?? protocol,
    targetPort: target === undefined ? port : /^\d+$/.test(target) ? Number(target) : target,
  }));
}
