import type { Verb } from './verb.ts';

export const apiVersions: Verb = {
  summary: 'Print the supported API versions on the server.',
  usage: '[options]',
  flags: {},
  async run(session) {
    const versions = new Set((await (await session.resources()).all()).map(({ apiVersion }) => apiVersion));
    for (const version of [...versions].sort()) session.io.out(`${version}\n`);
  },
};
