import { createObject, nameArgument } from '../createObject.ts';
import { writeFlags } from '../dryRun.ts';
import { outputFlags } from '../output/printObjects.ts';
import type { Verb } from './verb.ts';

export const createServiceAccount: Verb = {
  summary: 'Create a service account with the specified name.',
  usage: 'NAME [options]',
  flags: { ...writeFlags, ...outputFlags },
  async run(session) {
    await createObject(session, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { creationTimestamp: null, name: nameArgument(session) },
    });
  },
};
