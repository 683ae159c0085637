/** Objects that several families start from. */

export const configMap = (name: string, data: Record<string, string>, more: object = {}): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more }, data });

/** A container of busybox that runs `script` with sh. */
export const shell = (name: string, script: string, more: object = {}): object => ({
  name,
  image: 'busybox:1.36',
  command: ['sh', '-c', script],
  ...more,
});

export const pod = (name: string, containers: readonly object[], spec: object = {}, labels: object = { app: name }): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels },
    spec: { terminationGracePeriodSeconds: 1, containers, ...spec },
  });

export const shellPod = (name: string, script: string, spec: object = {}, labels: object = { app: name }): string =>
  pod(name, [shell('main', script)], spec, labels);

export const deployment = (name: string, replicas: number, image = 'nginx:1.26'): string => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: nginx
          image: ${image}
          ports: [{name: http, containerPort: 80}]
`;
