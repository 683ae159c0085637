import fc from 'fast-check';
import { expect, test } from 'vitest';
import { workspaceOf } from '../../testing/check.ts';
import { allFeatures } from '../allFeatures.ts';

const manifest = `# what runs
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  labels: {app: db, "tier": 'back'}
spec:
  serviceName: db
  replicas: 2
  selector:
    matchLabels: &labels
      app: db
    matchExpressions:
    - {key: tier, operator: In, values: [back, "front"]}
  template:
    metadata:
      labels:
        <<: *labels
        tier: back
    spec:
      containers:
      - name: db
        image: postgres:17
        command: [sh, -c, "echo {a: b} # no"]
        args:
          - |
            while true; do
              echo {
            done
        ports:
          - {name: sql, containerPort: 5432}
        readinessProbe:
          tcpSocket: {port: sql}
        env:
          - name: PASSWORD
            valueFrom: {secretKeyRef: {name: db, key: password}}
        resources:
          requests: {cpu: 100m}
      volumes:
        - name: data
          configMap: {name: settings, items: [{key: a, path: b}]}
---
{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "db"}, "spec": {"selector": {"app": "db"}, "ports": [{"port": 5432}]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: {{ .Release.Name }}}
roleRef: {kind: Role, name: a}
subjects:
  - kind: ServiceAccount
    name: {{ .Values.account }}
`;

async function askAll(text: string, offset: number): Promise<number> {
  const { snapshot, file } = workspaceOf(`#- /main.yaml\n${text.replaceAll('$0', '')}`);
  let count = 0;
  for (const provide of allFeatures.completion) {
    for (const item of (await provide(snapshot, file, Math.min(offset, file.text.length))) ?? []) {
      count++;
      const { start, end } = item.range ?? { start: 0, end: 0 };
      // What is replaced is around the cursor and in its line: clients refuse anything else.
      if (!(start <= offset && offset <= end) || file.text.slice(start, end).includes('\n'))
        throw new Error(
          `${item.label} replaces ${start}–${end} at ${offset} of ${JSON.stringify(text.slice(Math.max(0, offset - 60), offset))}`,
        );
      for (const { range } of item.edits ?? [])
        if (range.start < end && start < range.end) throw new Error(`${item.label} has edits that overlap what it replaces`);
    }
  }
  return count;
}

test('every beginning of a text has an answer, with ranges that clients accept', async () => {
  let count = 0;
  for (let end = 0; end <= manifest.length; end++) count += await askAll(manifest.slice(0, end), end);
  expect(count).toBeGreaterThan(1000);
});

test('so has every place of the whole text, also with Windows line ends', async () => {
  for (const text of [manifest, manifest.replaceAll('\n', '\r\n')])
    for (let offset = 0; offset <= text.length; offset += 7) await askAll(text, offset);
});

test('and whatever is put into it or taken out of it', async () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('{', '}', '[', ']', '- ', ': ', '\n', '  ', '"', "'", '|', '{{', '#', '---\n', '__proto__: '),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(manifest.length), fc.nat(20), part, async (at, length, by) => {
      await askAll(manifest.slice(0, at) + by + manifest.slice(at + length), at + by.length);
    }),
    { numRuns: 300, seed: 4 },
  );
});
