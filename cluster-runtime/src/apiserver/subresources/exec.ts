/** `/exec`: runs a command beside a container's own. */
import { parseCommandOptions, serveCommand } from '../streams/remoteCommand.ts';
import { chooseContainer, podOfRequest, requireHost } from './podContainer.ts';
import { keyOfRequest } from '../resourceHandlers.ts';
import { reviewConnect, streamFields } from './reviewSent.ts';
import type { Subresource } from './subresource.ts';

export const exec: Subresource = {
  methods: ['GET', 'POST'],
  async handle(exchange, resource, context) {
    const command = exchange.query.all('command');
    await reviewConnect(exchange, resource, context, 'exec', 'PodExecOptions', {
      ...streamFields(exchange),
      ...(command.length > 0 ? { command } : {}),
    });
    const pod = podOfRequest(exchange, resource);
    const container = chooseContainer(pod, exchange.query.get('container'));
    requireHost(pod);
    await serveCommand(exchange, parseCommandOptions(exchange.query), (io) =>
      context.streams.exec(keyOfRequest(exchange, resource), container, command, io),
    );
  },
};
