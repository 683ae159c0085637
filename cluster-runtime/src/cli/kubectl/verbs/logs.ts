import { withQuery, resourcePath } from '#apiClient/apiPath.ts';
import { parseDuration } from '#common/api/duration.ts';
import { hasReason } from '#common/api/status.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import { bool, int, text } from '../flags.ts';
import { plainError, usageError } from '../kubectlError.ts';
import { allContainers, containerOf, podsMatching, podsOf } from '../pods.ts';
import type { Session } from '../session.ts';
import type { Verb } from './verb.ts';

export const logs: Verb = {
  summary: 'Print the logs for a container in a pod or specified resource.',
  usage: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER] [options]',
  flags: {
    follow: { kind: 'bool', short: 'f' },
    previous: { kind: 'bool', short: 'p' },
    container: { kind: 'string', short: 'c' },
    selector: { kind: 'string', short: 'l' },
    'all-containers': bool,
    'all-pods': bool,
    prefix: bool,
    timestamps: bool,
    tail: int,
    since: text,
    'since-time': text,
    'limit-bytes': int,
    'ignore-errors': bool,
    'max-log-requests': int,
    'pod-running-timeout': text,
  },
  async run(session) {
    const { flags, io } = session;
    const sources = await sourcesOf(session);
    const api = await session.api();
    const since = flags.text('since');
    const sinceMs = since === undefined ? undefined : parseDuration(since);
    if (since !== undefined && sinceMs === undefined)
      throw plainError(`invalid argument "${since}" for "--since" flag: time: invalid duration "${since}"`);
    const tail = flags.number('tail') ?? (flags.has('selector') ? 10 : -1);
    const query = {
      follow: flags.bool('follow') || undefined,
      previous: flags.bool('previous') || undefined,
      timestamps: flags.bool('timestamps') || undefined,
      tailLines: tail < 0 ? undefined : tail,
      sinceSeconds: sinceMs === undefined ? undefined : Math.ceil(sinceMs / 1000),
      sinceTime: flags.text('since-time'),
      limitBytes: flags.number('limit-bytes') || undefined,
    };
    const withPrefix = flags.bool('prefix') || flags.bool('all-pods');
    const readOne = async ({ pod, container }: Source): Promise<void> => {
      const { namespace = '', name = '' } = pod.metadata;
      const path = withQuery(`${resourcePath('v1', 'pods', namespace, name)}/log`, { container, ...query });
      const prefix = withPrefix ? `[pod/${name}/${container}] ` : '';
      await api.read(path, prefix ? linesWith(prefix, io.out) : io.out, io.signal);
    };
    if (flags.bool('follow') && sources.length > 1) {
      const most = flags.number('max-log-requests') ?? 5;
      if (sources.length > most)
        throw plainError(
          `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
        );
      await Promise.all(sources.map(readOne));
    } else for (const source of sources) await readOne(source);
  },
};

interface Source {
  readonly pod: Pod;
  readonly container: string;
}

async function sourcesOf(session: Session): Promise<Source[]> {
  const { flags, args, io } = session;
  const selector = flags.text('selector');
  const [given, container, ...others] = args;
  if (selector !== undefined && given !== undefined)
    throw usageError('kubectl logs', 'only a selector (-l) or a POD name is allowed');
  if (selector === undefined && given === undefined)
    throw usageError(
      'kubectl logs',
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
    );
  if (others.length > 0)
    throw usageError(
      'kubectl logs',
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
    );
  let pods: readonly Pod[];
  if (selector !== undefined) {
    pods = await podsMatching(session, selector);
    if (pods.length === 0) io.err(`No resources found in ${await session.namespace()} namespace.\n`);
  } else {
    const found = await podsOf(session, given ?? '').catch(async (error: unknown) => {
      if (!hasReason(error, 'NotFound')) throw error;
      throw plainError(`error from server (NotFound): ${error.message} in namespace "${await session.namespace()}"`);
    });
    pods = found.pods;
    if (found.owner && !flags.bool('all-pods')) {
      if (pods.length > 1) io.err(`Found ${pods.length} pods, using pod/${pods[0]?.metadata.name ?? ''}\n`);
      if (pods.length === 0) throw plainError('timed out waiting for the condition');
      pods = pods.slice(0, 1);
    }
  }
  return pods.flatMap((pod) => {
    if (flags.bool('all-containers')) return allContainers(pod).map(({ name }) => ({ pod, container: name }));
    const name = container ?? containerOf(session, pod);
    if (!allContainers(pod).some((each) => each.name === name))
      throw plainError(`container ${name} is not valid for pod ${pod.metadata.name ?? ''}`);
    return [{ pod, container: name }];
  });
}

/** Each line behind the prefix, whole. */
function linesWith(prefix: string, out: (text: string) => void): (text: string) => void {
  let atStart = true;
  return (piece) => {
    const body = piece.replace(/\n(?!$)/g, `\n${prefix}`);
    out(atStart ? prefix + body : body);
    atStart = piece.endsWith('\n');
  };
}
