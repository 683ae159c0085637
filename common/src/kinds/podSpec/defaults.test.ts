import { describe, expect, it } from 'vitest';
import { deepFreeze } from '#common/base/freeze.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defaultPullPolicy } from './containerDefaults.ts';
import { defaultedPodSpec, defaultedPodTemplate } from './defaults.ts';

describe('defaultedPodSpec', () => {
  it('fills what the author left out', () => {
    const spec = defaultedPodSpec({
      serviceAccount: 'sa',
      containers: [
        {
          name: 'c',
          image: 'nginx',
          ports: [{ containerPort: 80 }],
          readinessProbe: { httpGet: { port: 80 }, periodSeconds: 3 },
        },
      ],
      volumes: [{ name: 'a' }, { name: 'b', configMap: { name: 'cm' } }, { name: 'h', hostPath: { path: '/h' } }],
    });
    expect(spec).toEqual({
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      securityContext: {},
      serviceAccount: 'sa',
      serviceAccountName: 'sa',
      containers: [
        {
          name: 'c',
          image: 'nginx',
          imagePullPolicy: 'Always',
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          resources: {},
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          readinessProbe: {
            httpGet: { port: 80, path: '/', scheme: 'HTTP' },
            periodSeconds: 3,
            timeoutSeconds: 1,
            successThreshold: 1,
            failureThreshold: 3,
          },
        },
      ],
      volumes: [
        { name: 'a', emptyDir: {} },
        { name: 'b', configMap: { name: 'cm', defaultMode: 420 } },
        { name: 'h', hostPath: { path: '/h', type: '' } },
      ],
    });
  });

  it('keeps a zero that was meant', () => {
    const spec = defaultedPodSpec({ terminationGracePeriodSeconds: 0, containers: [] });
    expect(spec.terminationGracePeriodSeconds).toBe(0);
  });

  it('gives back the very same object when nothing is missing, and never changes what it was given', () => {
    const spec: api.PodSpec = { containers: [{ name: 'c', image: 'i' }], volumes: [{ name: 'v', secret: { secretName: 's' } }] };
    const whole = deepFreeze(defaultedPodSpec(deepFreeze(spec)));
    expect(defaultedPodSpec(whole)).toBe(whole);
    expect(defaultedPodTemplate(undefined).metadata).toEqual({});
  });
});

describe('defaultPullPolicy', () => {
  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['host:5000/nginx', 'Always'],
    ['host:5000/nginx:1', 'IfNotPresent'],
    ['nginx@sha256:0000', 'IfNotPresent'],
  ])('%s: %s', (image, policy) => expect(defaultPullPolicy(image)).toBe(policy));
});
