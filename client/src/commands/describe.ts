import { type Command, connectionOf, pathOf, targetOf } from './command.ts';

/** Opens the page with everything that is known of an object; the page follows it. */
export const describe: Command = {
  id: 'kubePlayground.describe',
  async run(services, argument) {
    const target = await targetOf(services, argument);
    // An object of a kind that the cluster does not have is refused before a page is opened for it.
    await pathOf(connectionOf(services), target);
    await services.details.show(target);
  },
};
