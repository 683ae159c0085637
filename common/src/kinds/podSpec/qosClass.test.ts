import { expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { qosClassOf } from './qosClass.ts';

const both = { cpu: '1', memory: '1Gi' };
const pod = (...all: (api.ResourceRequirements | undefined)[]): api.PodSpec => ({
  containers: all.map((resources, i) => ({ name: `c${i}`, ...(resources ? { resources } : {}) })),
});

it.each<[string, api.PodSpec, string]>([
  ['nothing asked for', pod(undefined, {}), 'BestEffort'],
  ['zero is nothing', pod({ requests: { cpu: '0' } }), 'BestEffort'],
  ['other resources do not count', pod({ limits: { 'x.io/gpu': '1' } }), 'BestEffort'],
  ['limits alone', pod({ limits: both }), 'Guaranteed'],
  [
    'requests equal to limits, written otherwise',
    pod({ requests: { cpu: '1000m', memory: '1024Mi' }, limits: both }),
    'Guaranteed',
  ],
  ['requests below limits', pod({ requests: { cpu: '500m', memory: '1Gi' }, limits: both }), 'Burstable'],
  ['one container without limits', pod({ limits: both }, {}), 'Burstable'],
  ['no memory limit', pod({ limits: { cpu: '1' } }), 'Burstable'],
  ['the pod as a whole decides', { ...pod({}), resources: { requests: both, limits: both } }, 'Guaranteed'],
])('%s', (_, spec, expected) => expect(qosClassOf(spec)).toBe(expected));
