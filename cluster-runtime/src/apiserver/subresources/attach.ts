/** `/attach`: joins the streams of a container's own process. */
import { parseCommandOptions, serveCommand } from '../streams/remoteCommand.ts';
import { chooseContainer, podOfRequest, requireHost } from './podContainer.ts';
import { keyOfRequest } from '../resourceHandlers.ts';
import { reviewConnect, streamFields } from './reviewSent.ts';
import type { Subresource } from './subresource.ts';

export const attach: Subresource = {
  methods: ['GET', 'POST'],
  async handle(exchange, resource, context) {
    await reviewConnect(exchange, resource, context, 'attach', 'PodAttachOptions', streamFields(exchange));
    const pod = podOfRequest(exchange, resource);
    const container = chooseContainer(pod, exchange.query.get('container'));
    requireHost(pod);
    await serveCommand(exchange, parseCommandOptions(exchange.query), async (io) => {
      await context.streams.attach(keyOfRequest(exchange, resource), container, io);
      return 0;
    });
  },
};
