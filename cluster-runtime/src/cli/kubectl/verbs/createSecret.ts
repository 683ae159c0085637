import { createObject, nameArgument } from '../createObject.ts';
import { writeFlags } from '../dryRun.ts';
import { text } from '../flags.ts';
import { literalData, literalFlags } from '../literals.ts';
import { outputFlags } from '../output/printObjects.ts';
import type { Verb } from './verb.ts';

export const createSecretGeneric: Verb = {
  summary: 'Create a secret from literals and files.',
  usage: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [options]',
  flags: { ...literalFlags, ...writeFlags, ...outputFlags, type: text },
  async run(session) {
    const name = nameArgument(session);
    const entries = [...literalData(session)].map(([key, value]) => [key, value.toString('base64')]);
    const type = session.flags.text('type');
    await createObject(session, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { creationTimestamp: null, name },
      ...(entries.length ? { data: Object.fromEntries(entries) as object } : {}),
      ...(type ? { type } : {}),
    });
  },
};
