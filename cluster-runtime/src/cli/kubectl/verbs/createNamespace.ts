import { createObject, nameArgument } from '../createObject.ts';
import { writeFlags } from '../dryRun.ts';
import { outputFlags } from '../output/printObjects.ts';
import type { Verb } from './verb.ts';

export const createNamespace: Verb = {
  summary: 'Create a namespace with the specified name.',
  usage: 'NAME [options]',
  flags: { ...writeFlags, ...outputFlags },
  async run(session) {
    const name = nameArgument(session);
    await createObject(session, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { creationTimestamp: null, name },
      ...{ spec: {}, status: {} },
    });
  },
};
