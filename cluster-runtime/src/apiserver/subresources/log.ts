/** `/log`: what a container has written, and with `follow` what it goes on writing. */
import { forbidden, type FieldError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { badRequest, invalidObject } from '#common/api/status.ts';
import { sleep } from '#common/base/clock.ts';
import type { LogOptions } from '../../containers/containerRuntime.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Query } from '../http/query.ts';
import { keyOfRequest } from '../resourceHandlers.ts';
import { chooseContainer, podOfRequest } from './podContainer.ts';
import type { Subresource } from './subresource.ts';

/** A container that is silent still gets its header, so that the client knows the stream stands. */
const headAfterMs = 100;

export const log: Subresource = {
  methods: ['GET'],
  async handle(exchange, resource, { streams, watches }) {
    const options = parseLogOptions(exchange.query, exchange.info.name);
    const pod = podOfRequest(exchange, resource);
    const container = chooseContainer(pod, exchange.query.get('container'));
    if (!pod.spec?.nodeName) {
      exchange.writeHead(204, 'text/plain');
      exchange.response.end();
      return;
    }
    const gone = new AbortController();
    exchange.response.once('close', () => gone.abort());
    const lines = streams.log(keyOfRequest(exchange, resource), { ...options, container }, gone.signal);
    await send(exchange, lines, gone, () => sleep(watches.options.wireClock, headAfterMs, gone.signal));
  },
};

/** The first chunk decides between a stream and an error; a stream's head does not wait for it for long. */
async function send(
  exchange: Exchange,
  lines: AsyncIterable<string>,
  gone: AbortController,
  soon: () => Promise<void>,
): Promise<void> {
  const { response } = exchange;
  const iterator = lines[Symbol.asyncIterator]();
  const startHead = (): void => {
    if (response.headersSent) return;
    exchange.writeHead(200, 'text/plain');
    response.flushHeaders();
  };
  let next = iterator.next();
  const waited = soon().catch(() => undefined);
  await Promise.race([next.then(() => undefined), waited]);
  startHead();
  try {
    for (let item = await next; !item.done && !gone.signal.aborted; item = await next) {
      if (!response.write(item.value)) await drained(exchange);
      next = iterator.next();
    }
  } finally {
    // A client that left must not leave the follower running.
    if (gone.signal.aborted) await iterator.return?.();
    response.end();
  }
}

const drained = ({ response }: Exchange): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });

function parseLogOptions(query: Query, podName: string): Omit<LogOptions, 'container'> {
  const tailLines = query.integer('tailLines');
  const limitBytes = query.integer('limitBytes');
  const sinceSeconds = query.integer('sinceSeconds');
  const sinceTime = query.get('sinceTime') || undefined;
  const stream = query.get('stream');
  if (sinceTime !== undefined && Number.isNaN(Date.parse(sinceTime))) {
    const text = JSON.stringify(sinceTime);
    throw badRequest(`parsing time ${text} as "2006-01-02T15:04:05Z07:00": cannot parse ${text} as "2006"`);
  }
  const path = FieldPath.of;
  const errors: FieldError[] = [];
  if (tailLines !== undefined && tailLines < 0)
    errors.push(invalid(path('tailLines'), tailLines, 'must be greater than or equal to 0'));
  if (limitBytes !== undefined && limitBytes < 1) errors.push(invalid(path('limitBytes'), limitBytes, 'must be greater than 0'));
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    errors.push(forbidden(path('[]'), 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    errors.push(invalid(path('sinceSeconds'), sinceSeconds, 'must be greater than 0'));
  }
  // Choosing one of the two streams is a feature that is off in 1.36.
  if (stream !== undefined && stream !== 'All') errors.push(forbidden(path('stream'), 'may not be specified'));
  if (errors.length > 0) throw invalidObject('', 'PodLogOptions', podName, errors);
  return {
    follow: query.boolean('follow') === true,
    previous: query.boolean('previous') === true,
    timestamps: query.boolean('timestamps') === true,
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    ...(sinceTime === undefined ? {} : { sinceTime }),
  };
}
