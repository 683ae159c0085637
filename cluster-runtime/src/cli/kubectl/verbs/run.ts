/** `kubectl run`: one pod from an image. */
import { createObject } from '../createObject.ts';
import { writeFlags } from '../dryRun.ts';
import { bool, list, text } from '../flags.ts';
import { KubectlError, plainError, usageError } from '../kubectlError.ts';
import { outputFlags } from '../output/printObjects.ts';
import type { Verb } from './verb.ts';

export const run: Verb = {
  summary: 'Create and run a particular image in a pod.',
  usage: 'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--command] -- [COMMAND] [args...]',
  flags: {
    ...writeFlags,
    ...outputFlags,
    image: text,
    port: text,
    env: list,
    labels: { kind: 'string', short: 'l' },
    annotations: list,
    restart: text,
    'image-pull-policy': text,
    command: bool,
    expose: bool,
    stdin: { kind: 'bool', short: 'i' },
    tty: { kind: 'bool', short: 't' },
    attach: bool,
    rm: bool,
    quiet: { kind: 'bool', short: 'q' },
    privileged: bool,
  },
  async run(session) {
    const { flags, args, afterDash = [] } = session;
    const [name, ...words] = [...args, ...afterDash];
    if (name === undefined) throw usageError('kubectl run', 'NAME is required for run');
    const image = flags.text('image');
    if (!image) throw new KubectlError('error: required flag(s) "image" not set');
    if (['stdin', 'tty', 'attach', 'rm'].some((flag) => flags.bool(flag)))
      throw plainError(
        `this kubectl does not attach; use "kubectl run ${name} --image=${image}" and then "kubectl exec -it ${name} -- sh"`,
      );
    const port = flags.text('port');
    const policy = flags.text('image-pull-policy');
    const restart = flags.text('restart') ?? 'Always';
    if (!['Always', 'OnFailure', 'Never'].includes(restart)) throw plainError(`invalid restart policy: ${restart}`);
    const env = flags.list('env').map((pair) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (key === undefined) throw plainError(`invalid env: ${pair}`);
      return { name: key, value };
    });
    const labels =
      flags.text('labels') === undefined
        ? { run: name }
        : Object.fromEntries((flags.text('labels') ?? '').split(',').map((pair) => pair.split('=', 2)) as [string, string][]);
    const annotations = Object.fromEntries(flags.list('annotations').map((pair) => pair.split('=', 2)) as [string, string][]);
    const container = {
      image,
      name,
      resources: {},
      ...(words.length ? { [flags.bool('command') ? 'command' : 'args']: words } : {}),
      ...(env.length ? { env } : {}),
      ...(port ? { ports: [{ containerPort: Number(port) }] } : {}),
      ...(policy ? { imagePullPolicy: policy } : {}),
      ...(flags.bool('privileged') ? { securityContext: { privileged: true } } : {}),
    };
    await createObject(
      session,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { creationTimestamp: null, labels, name, ...(Object.keys(annotations).length ? { annotations } : {}) },
        ...{ spec: { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy: restart }, status: {} },
      },
      'created',
      'kubectl-run',
    );
    if (!flags.bool('expose')) return;
    if (!port) throw plainError('--port must be set when exposing a service');
    const ports = [{ port: Number(port), protocol: 'TCP', targetPort: Number(port) }];
    await createObject(
      session,
      { apiVersion: 'v1', kind: 'Service', metadata: { name }, ...{ spec: { ports, selector: labels } } },
      'created',
      'kubectl-run',
    );
  },
};
