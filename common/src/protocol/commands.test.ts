import { expect, test } from 'vitest';
import { isOffered, rowCommands, type RowTrait } from './commands.ts';

const offered = (kind: string, ...traits: RowTrait[]): string[] =>
  rowCommands.filter((command) => isOffered(command, { kind, traits })).map(({ id }) => id.replace('kubePlayground.', ''));

test.each<[string, string, RowTrait[], string[], string[]]>([
  ['a computer that is on can be stopped', 'Node', ['on'], ['stopNode', 'cordon'], ['startNode', 'uncordon']],
  ['one that is off can be started', 'Node', ['off', 'cordoned'], ['startNode', 'uncordon'], ['stopNode', 'cordon']],
  ['a node of another cluster has no switch', 'Node', [], ['cordon', 'drain'], ['startNode', 'stopNode']],
  ['what runs can be paused', 'Deployment', [], ['pause', 'scale'], ['resume']],
  ['what is paused can go on', 'CronJob', ['paused'], ['resume'], ['pause', 'scale']],
])('%s', (_case, kind, traits, some, none) => {
  const commands = offered(kind, ...traits);
  expect(commands).toEqual(expect.arrayContaining(some));
  for (const each of none) expect(commands).not.toContain(each);
});
