import { describe, expect, it } from 'vitest';
import type { RuleWithOperations } from '#common/schema/generated/types.ts';
import { allKinds } from '../allKinds.ts';
import { checkTypes, type KindsOfResource } from './typeChecking.ts';

const kindsOf: KindsOfResource = (group, version, resource) =>
  allKinds.filter((kind) => kind.plural === resource && kind.version === version && (!group || kind.group === group));

const rule = (resources: string[], apiGroups = [''], apiVersions = ['v1']): RuleWithOperations => ({
  operations: ['*'],
  apiGroups,
  apiVersions,
  resources,
});
const pods = rule(['pods']);

/** The kinds with their problems, without the lines that show the place. */
function problems(expression: string, ...resourceRules: RuleWithOperations[]): string[] {
  const warnings = checkTypes({ matchConstraints: { resourceRules }, validations: [{ expression }] }, kindsOf);
  return warnings.flatMap(({ warning }) => warning.split('\n').filter((line) => /ERROR/.test(line)));
}

// The texts are answers of Kubernetes 1.36.3, whose names of types have a random number after the kind.
describe('type checking', () => {
  it.each<[string, string | undefined]>([
    ['object.spec.nodeName == "a"', undefined],
    ['object.foo == 1', "1:7: undefined field 'foo'"],
    ['oldObject.foo == 1', "1:10: undefined field 'foo'"],
    ['object.metadata.creationTimestamp == 1', "1:35: found no matching overload for '_==_' applied to '(timestamp, int)'"],
    ['object.metadata.labels == 1', "1:24: found no matching overload for '_==_' applied to '(map(string, string), int)'"],
    [
      'object.spec.containers == 1',
      "1:24: found no matching overload for '_==_' applied to '(list(Pod.spec.containers.@idx), int)'",
    ],
    [
      'object.spec.containers[0].ports[0].containerPort == "a"',
      "1:50: found no matching overload for '_==_' applied to '(int, string)'",
    ],
    ['object.spec.containers[0].livenessProbe.httpGet.port == true', undefined],
    ['object.spec.containers.all(c, c.resources.limits == 1)', "1:42: undefined field 'limits'"],
  ])('of %s', (expression, problem) => {
    expect(problems(expression, pods)).toEqual(problem === undefined ? [] : [`/v1, Kind=Pod: ERROR: <input>:${problem}`]);
  });

  it.each<[string, RuleWithOperations, string[]]>([
    [
      'several, by group and name',
      rule(['pods', 'deployments', 'configmaps'], ['apps', '']),
      ['/v1, Kind=ConfigMap', '/v1, Kind=Pod', 'apps/v1, Kind=Deployment'],
    ],
    ['any group for the empty one', rule(['events']), ['/v1, Kind=Event', 'events.k8s.io/v1, Kind=Event']],
    ['no subresources', rule(['pods/status', '*/scale', 'pods']), ['/v1, Kind=Pod']],
    ['nothing for a star', rule(['*']), []],
    ['nothing for every version', rule(['pods'], [''], ['*']), []],
  ])('looks at %s', (_, named, expected) => {
    expect(problems('object.foo == 1', named).map((line) => line.replace(/: ERROR.*/, ''))).toEqual(expected);
  });

  it('knows variables, parameters and messages, and says where', () => {
    const spec = {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      matchConstraints: { resourceRules: [rule(['configmaps'])] },
      variables: [{ name: 'v', expression: 'object.data' }],
      validations: [{ expression: 'variables.v.a == params.foo', messageExpression: '"a" + object.bar' }],
    };
    expect(checkTypes(spec, kindsOf)).toEqual([
      {
        fieldRef: 'spec.validations[0].expression',
        warning:
          "/v1, Kind=ConfigMap: ERROR: <input>:1:24: undefined field 'foo'\n | variables.v.a == params.foo\n | .......................^\n",
      },
      {
        fieldRef: 'spec.validations[0].messageExpression',
        warning: '/v1, Kind=ConfigMap: ERROR: <input>:1:13: undefined field \'bar\'\n | "a" + object.bar\n | ............^\n',
      },
    ]);
  });
});
