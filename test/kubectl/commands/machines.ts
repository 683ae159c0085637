/** The machines behind the nodes, and people who get a certificate through the API. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { newCertificateRequest } from '#runtime/pki/newRequest.ts';
import type { Kubectl } from '../kubectl.ts';
import { shell } from '../manifests.ts';

export function machineCommands(kubectl: Kubectl): void {
  const inside = kubectl.in(kubectl.id);

  it('a machine is added, looked at, switched off and removed', async () => {
    const name = `machine-of-${kubectl.id}`;
    // Without quotes, as people write it: readers of YAML make booleans of On and Off.
    const machine = (power: string): string => `
apiVersion: playground.kube/v1alpha1
kind: Machine
metadata: {name: ${name}}
spec:
  power: ${power}
  zone: far
  capacity: {cpu: "3"}
  taints: [{key: example.com/own, effect: NoSchedule}]
`;
    await kubectl.input(machine('On')).ok`apply -f -`;
    await kubectl.ok`wait --for=jsonpath={.status.phase}=Running machine/${name} --timeout=30s`;
    await kubectl.ok`wait --for=condition=Ready node/${name} --timeout=30s`;
    expect(await kubectl.ok`get machines ${name}`).toMatch(
      new RegExp(
        `^NAME +POWER +STATUS +PRESSURE +ZONE +CPU +MEMORY +AGE\\n${name} +On +Running +<none> +far +3 +<none> +\\d+s\\n$`,
      ),
    );
    expect(
      await kubectl.ok`get node ${name} -o ${'jsonpath={.metadata.labels.topology\\.kubernetes\\.io/zone} {.status.capacity.cpu}'}`,
    ).toBe('far 3');
    await kubectl.input(machine('Off')).ok`apply -f -`;
    await kubectl.ok`wait --for=jsonpath={.status.phase}=Off mach/${name} --timeout=30s`;
    expect(await kubectl.input(machine('Maybe')).fails`apply -f -`).toContain(
      'Unsupported value: "Maybe": supported values: "Off", "On"',
    );
    expect(await kubectl.ok`explain machine.spec.power`).toContain('Whether the machine is switched on.');
    await kubectl.ok`delete machine ${name}`;
    await kubectl.ok`wait --for=delete node/${name} --timeout=30s`;
  });

  it('drain waits for a disruption budget, and goes on when it may', async () => {
    const labels = { app: 'guarded' };
    const [here, there] = [`drained-${kubectl.id}`, `other-${kubectl.id}`];
    // Nobody else's pods come here, since these nodes go again.
    const own = { labels: { 'example.com/guarded': kubectl.id }, taints: [{ key: 'example.com/guarded', effect: 'NoSchedule' }] };
    for (const name of [here, there]) {
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: own.labels }, spec: { taints: own.taints } };
      await kubectl.input(JSON.stringify(node)).ok`create -f -`;
    }
    await kubectl.ok`wait --for=condition=Ready node/${here} node/${there} --timeout=30s`;
    await kubectl.ok`cordon ${there}`;
    const spec = {
      nodeSelector: own.labels,
      tolerations: [{ key: 'example.com/guarded', operator: 'Exists' }],
      containers: [shell('main', 'exec sleep 1000')],
      terminationGracePeriodSeconds: 1,
    };
    const objects = [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'guarded' },
        spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      },
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'guarded' },
        spec: { minAvailable: 2, selector: { matchLabels: labels } },
      },
    ];
    for (const object of objects) await inside.input(JSON.stringify(object)).ok`apply -f -`;
    await inside.ok`wait --for=condition=Available deployment/guarded --timeout=30s`;
    const refused = await kubectl.fails`drain ${here} --timeout=3s`;
    expect(refused).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    await kubectl.ok`uncordon ${there}`;
    await inside.ok`patch pdb guarded --type=merge -p ${'{"spec":{"minAvailable":1}}'}`;
    await kubectl.ok`drain ${here} --timeout=60s`;
    await inside.ok`wait --for=condition=Available deployment/guarded --timeout=30s`;
    expect(await inside.ok`get pods -l app=guarded -o ${'jsonpath={range .items[*]}{.spec.nodeName} {end}'}`).toBe(
      `${there} ${there} `,
    );
    await inside.ok`delete deployment/guarded pdb/guarded`;
    await kubectl.ok`delete node ${here} ${there}`;
  });

  it('a person gets a certificate through the API, and is who it says', async () => {
    const name = `jane-of-${kubectl.id}`;
    const { request, key } = newCertificateRequest(name, ['devs']);
    const csr = {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name },
      spec: {
        request: Buffer.from(request).toString('base64'),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
        expirationSeconds: 3600,
      },
    };
    await kubectl.input(JSON.stringify(csr)).ok`create -f -`;
    expect(await kubectl.ok`get csr ${name} --no-headers`).toMatch(
      / kubernetes\.io\/kube-apiserver-client +admin +60m +Pending\n$/,
    );
    expect(await kubectl.ok`certificate approve ${name}`).toBe(
      `certificatesigningrequest.certificates.k8s.io/${name} approved\n`,
    );
    const issued = () => kubectl.ok`get csr ${name} -o jsonpath={.status.certificate}`;
    await vi.waitFor(async () => expect(await issued()).not.toBe(''), { timeout: 10_000, interval: 200 });
    const certificate = Buffer.from(await issued(), 'base64').toString();
    const folder = kubectl.folder('jane', { 'jane.crt': certificate });
    writeFileSync(path.join(folder, 'jane.key'), key, { mode: 0o600 });
    const user = [
      '--client-certificate',
      path.join(folder, 'jane.crt'),
      '--client-key',
      path.join(folder, 'jane.key'),
      '--token=',
    ];
    expect(await kubectl.fails`get nodes ${user}`).toContain(`User "${name}" cannot list resource "nodes"`);
    await inside.ok`create rolebinding jane --clusterrole=view --group=devs`;
    expect(await inside.run`get pods ${user}`).toMatchObject({ code: 0 });
    expect(await kubectl.ok`get csr ${name} --no-headers`).toMatch(/ Approved,Issued\n$/);
    await kubectl.ok`delete csr ${name}`;
  });
}
