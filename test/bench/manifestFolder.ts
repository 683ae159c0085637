/** Generated workspaces for the language server: many small manifests that refer to each other, and one very long file. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Every sixth file is a Deployment, and what stands beside it is what it names: so every manifest has links. */
const writers = [deployment, service, configMap, serviceAccount, ingress, autoscaler] as const;

/** About `lines` lines each, by comments and data that real files have too. */
export function manifest(i: number): string {
  const app = Math.floor(i / writers.length);
  return (writers[i % writers.length] ?? deployment)(`app-${app}`, `team-${app % 40}`);
}

/** A new folder with that many manifests, a hundred to a folder. */
export function writeManifestFolder(count: number): string {
  const root = mkdtempSync(path.join(tmpdir(), 'kube-playground-manifests-'));
  for (let i = 0; i < count; i++) {
    const folder = path.join(root, `part-${Math.floor(i / 100)}`);
    if (i % 100 === 0) mkdirSync(folder);
    writeFileSync(path.join(folder, `manifest-${i}.yaml`), manifest(i));
  }
  return root;
}

/** One file of so many lines: many documents, or one large object. */
export function longFile(lines: number, shape: 'documents' | 'one object'): string {
  if (shape === 'documents') {
    const parts: string[] = [];
    for (let [i, count] = [0, 0]; count < lines; i++) {
      const text = manifest(i).replaceAll('app-', 'long-');
      parts.push(text);
      count += text.split('\n').length;
    }
    return parts.join('---\n');
  }
  const head = deployment('long', 'team-0');
  const container = (i: number): string => `        - name: side-${i}
          image: busybox:1.36
          command: [sh, -c, 'sleep ${i}']
          env:
            - {name: NUMBER, value: '${i}'}
            - name: LEVEL
              valueFrom:
                configMapKeyRef: {name: long, key: level}
          ports:
            - name: side-${i}
              containerPort: ${9000 + i}
          resources:
            requests: {cpu: 10m, memory: 16Mi}
`;
  let text = head;
  for (let [i, count] = [0, head.split('\n').length]; count < lines; i++, count += 13) text += container(i);
  return text;
}

const metadata = (name: string, namespace: string): string => `metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: ${namespace}
  annotations:
    example.com/owner: ${namespace}@example.com
`;

function deployment(name: string, namespace: string): string {
  return `apiVersion: apps/v1
kind: Deployment
${metadata(name, namespace)}spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      serviceAccountName: ${name}
      containers:
        - name: web
          image: nginx:1.27
          envFrom:
            - configMapRef: {name: ${name}}
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet: {path: /ready, port: http}
          resources:
            requests: {cpu: 100m, memory: 64Mi}
`;
}

function service(name: string, namespace: string): string {
  const ports = ['http', 'metrics', 'admin', 'debug'].map(
    (port, i) => `    - name: ${port}
      port: ${8080 + i}
      targetPort: http
      protocol: TCP
`,
  );
  return `apiVersion: v1
kind: Service
${metadata(name, namespace)}spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: ${name}
  ports:
${ports.join('')}`;
}

function configMap(name: string, namespace: string): string {
  const data = Array.from({ length: 20 }, (_, i) => `  setting-${i}: value of ${name}\n`).join('');
  return `apiVersion: v1
kind: ConfigMap
${metadata(name, namespace)}data:
  level: info
${data}`;
}

function serviceAccount(name: string, namespace: string): string {
  const notes = Array.from({ length: 17 }, (_, i) => `    example.com/note-${i}: text of ${name}\n`).join('');
  return `apiVersion: v1
kind: ServiceAccount
${metadata(name, namespace)}${notes}imagePullSecrets: []
automountServiceAccountToken: false
`;
}

function ingress(name: string, namespace: string): string {
  const paths = ['/', '/api'].map(
    (at) => `          - path: ${at}
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port:
                  name: http
`,
  );
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
${metadata(name, namespace)}spec:
  rules:
    - host: ${name}.example.com
      http:
        paths:
${paths.join('')}`;
}

function autoscaler(name: string, namespace: string): string {
  const metric = (resource: string): string => `    - type: Resource
      resource:
        name: ${resource}
        target:
          type: Utilization
          averageUtilization: 70
`;
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
${metadata(name, namespace)}spec:
  minReplicas: 1
  maxReplicas: 10
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
  metrics:
${metric('cpu')}${metric('memory')}`;
}
