import { isUtf8 } from 'node:buffer';
import { createObject, nameArgument } from '../createObject.ts';
import { writeFlags } from '../dryRun.ts';
import { literalData, literalFlags } from '../literals.ts';
import { outputFlags } from '../output/printObjects.ts';
import type { Verb } from './verb.ts';

export const createConfigMap: Verb = {
  summary: 'Create a config map from literals and files.',
  usage: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [options]',
  flags: { ...literalFlags, ...writeFlags, ...outputFlags },
  async run(session) {
    const name = nameArgument(session);
    const entries = [...literalData(session)];
    // What is no text is kept as bytes.
    const data = entries.filter(([, value]) => isUtf8(value)).map(([key, value]) => [key, value.toString()]);
    const binary = entries.filter(([, value]) => !isUtf8(value)).map(([key, value]) => [key, value.toString('base64')]);
    await createObject(session, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { creationTimestamp: null, name },
      ...(data.length ? { data: Object.fromEntries(data) as object } : {}),
      ...(binary.length ? { binaryData: Object.fromEntries(binary) as object } : {}),
    });
  },
};
