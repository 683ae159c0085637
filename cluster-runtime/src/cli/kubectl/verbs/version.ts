import { bool, text } from '../flags.ts';
import { prettyJson, yamlText } from '../output/jsonText.ts';
import type { Verb } from './verb.ts';

/** kubectl whose words this one has. */
const clientVersion = { gitVersion: 'v1.32.0+kube-playground', major: '1', minor: '32' };

interface ServerVersion {
  readonly gitVersion: string;
}

export const version: Verb = {
  summary: 'Print the client and server version information.',
  usage: '[options]',
  flags: { client: bool, output: { ...text, short: 'o' } },
  async run(session) {
    const { flags, io } = session;
    const server = flags.bool('client') ? undefined : await (await session.api()).get<ServerVersion>('/version');
    const both = { clientVersion, ...(server ? { serverVersion: server } : {}) };
    const output = flags.text('output');
    if (output === 'json') io.out(prettyJson(both).replace(/^( +)/gm, (blanks) => blanks.slice(blanks.length / 2)));
    else if (output === 'yaml') io.out(yamlText(both));
    else io.out(`Client Version: ${clientVersion.gitVersion}\n${server ? `Server Version: ${server.gitVersion}\n` : ''}`);
  },
};
