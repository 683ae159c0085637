/** What the API tells of itself, and who may do what. */
import { expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { configMap, shellPod } from '../manifests.ts';

const plain = (text: string): string => text.replaceAll(/\x1b\[[\d;]*m/g, '');

export function metaCommands(kubectl: Kubectl): void {
  it('version, cluster-info and config view', async () => {
    expect(JSON.parse(await kubectl.ok`version -o json`)).toMatchObject({
      serverVersion: { major: '1', minor: '36', gitVersion: 'v1.36.3' },
    });
    expect(await kubectl.ok`version`).toMatch(/\nServer Version: (version\.Info\{.*GitVersion:")?v1\.36\.3/);
    expect(plain(await kubectl.ok`cluster-info`)).toMatch(/^Kubernetes control plane is running at https:\/\/127\.0\.0\.1:\d+\n/);
    const config = JSON.parse(await kubectl.ok`config view -o json`) as Record<string, unknown>;
    expect(config).toMatchObject({
      'current-context': 'kube-playground',
      contexts: [{ name: 'kube-playground', context: { cluster: 'kube-playground', namespace: kubectl.id } }],
      clusters: [{ name: 'kube-playground', cluster: { 'certificate-authority-data': 'DATA+OMITTED' } }],
    });
    expect(await kubectl.ok`config current-context`).toBe('kube-playground\n');
  });

  it('api-resources and api-versions', async () => {
    const resources = await kubectl.ok`api-resources`;
    for (const row of [
      /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\n/,
      /\npods +po +v1 +true +Pod\n/,
      /\nnodes +no +v1 +false +Node\n/,
      /\ndeployments +deploy +apps\/v1 +true +Deployment\n/,
      /\nstatefulsets +sts +apps\/v1 +true +StatefulSet\n/,
      /\nhorizontalpodautoscalers +hpa +autoscaling\/v2 +true +HorizontalPodAutoscaler\n/,
      /\ncustomresourcedefinitions +crd,crds +apiextensions\.k8s\.io\/v1 +false +CustomResourceDefinition\n/,
    ]) {
      expect(resources).toMatch(row);
    }
    expect(await kubectl.ok`api-resources --api-group=batch --verbs=create,watch -o name`).toBe('cronjobs.batch\njobs.batch\n');
    expect(await kubectl.ok`api-resources --namespaced=false --api-group=scheduling.k8s.io -o wide`).toMatch(
      /\npriorityclasses +pc +scheduling\.k8s\.io\/v1 +false +PriorityClass +create,delete,deletecollection,get,list,patch,update,watch *\n$/,
    );
    const versions = (await kubectl.ok`api-versions`).trim().split('\n');
    expect(versions).toEqual(expect.arrayContaining(['apps/v1', 'autoscaling/v2', 'batch/v1', 'networking.k8s.io/v1', 'v1']));
    expect(versions).toEqual([...versions].sort());
  });

  it('explain', async () => {
    expect(await kubectl.ok`explain pods.spec.restartPolicy`).toMatch(
      /^KIND: {7}Pod\nVERSION: {4}v1\n\nFIELD: restartPolicy <string>\n(ENUM:\n(?: {4}\w+\n)+)?\n+DESCRIPTION:\n {4}Restart policy for all containers within the pod\./,
    );
    const deployment = await kubectl.ok`explain deployment`;
    expect(deployment).toMatch(
      /^GROUP: {6}apps\nKIND: {7}Deployment\nVERSION: {4}v1\n\nDESCRIPTION:\n {4}Deployment enables declarative updates for Pods and ReplicaSets\./,
    );
    expect(deployment).toMatch(/\n {2}spec\t<DeploymentSpec>\n/);
    const recursive = await kubectl.ok`explain deployment.spec.strategy --recursive`;
    expect(recursive).toMatch(
      /\n {2}rollingUpdate\t<RollingUpdateDeployment>\n {4}maxSurge\t<IntOrString>\n {4}maxUnavailable\t<IntOrString>\n {2}type\t<string>\n/,
    );
    expect(await kubectl.ok`explain hpa --api-version=autoscaling/v1`).toMatch(
      /^GROUP: {6}autoscaling\nKIND: {7}HorizontalPodAutoscaler\nVERSION: {4}v1\n/,
    );
    expect(await kubectl.fails`explain pods.spec.nothing`).toBe('error: field "nothing" does not exist\n');
  });

  it('auth can-i and whoami', async () => {
    expect(await kubectl.ok`auth can-i create deployments.apps`).toBe('yes\n');
    expect(await kubectl.ok`auth can-i ${'*'} ${'*'} --all-namespaces`).toBe('yes\n');
    expect(await kubectl.run`auth can-i get pods --as=nobody`).toMatchObject({ code: 1, stdout: 'no\n' });
    await kubectl.ok`create role reader --verb=get,list --resource=pods`;
    await kubectl.ok`create rolebinding reader --role=reader --user=alice`;
    expect(await kubectl.ok`auth can-i list pods --as=alice`).toBe('yes\n');
    expect(await kubectl.run`auth can-i delete pods --as=alice`).toMatchObject({ code: 1, stdout: 'no\n' });
    expect(await kubectl.ok`auth can-i --list --as=alice`).toMatch(/\npods +\[\] +\[\] +\[get list\]\n/);
    expect(await kubectl.fails`delete pod anything --as=alice`).toBe(
      `Error from server (Forbidden): pods "anything" is forbidden: User "alice" cannot delete resource "pods" in API group "" in the namespace "${kubectl.id}"\n`,
    );
    // kubectl 1.27 asks for versions that a cluster of 1.36 no longer has.
    if (kubectl.minor >= 28) {
      expect(await kubectl.ok`auth whoami`).toMatch(
        /^ATTRIBUTE +VALUE\nUsername +\S*admin\n(UID .*\n)?Groups +\[system:masters system:authenticated\]\n/,
      );
      expect(await kubectl.ok`auth whoami -o jsonpath={.status.userInfo.username} --as=alice`).toBe('alice');
    }
  });

  it('certificate approve and deny', async () => {
    const request = async (name: string) =>
      kubectl.input(
        JSON.stringify({
          apiVersion: 'certificates.k8s.io/v1',
          kind: 'CertificateSigningRequest',
          metadata: { name },
          spec: {
            request: Buffer.from(certificateRequest).toString('base64'),
            signerName: 'kubernetes.io/kube-apiserver-client',
            usages: ['client auth'],
          },
        }),
      ).ok`create -f -`;
    const [good, bad] = [`${kubectl.id}-good`, `${kubectl.id}-bad`];
    expect(await request(good)).toBe(`certificatesigningrequest.certificates.k8s.io/${good} created\n`);
    expect(await kubectl.ok`get csr ${good} --no-headers`).toMatch(
      / kubernetes\.io\/kube-apiserver-client +\S*admin +<none> +Pending\n$/,
    );
    expect(await kubectl.ok`certificate approve ${good}`).toBe(
      `certificatesigningrequest.certificates.k8s.io/${good} approved\n`,
    );
    expect(await kubectl.ok`wait --for=condition=Approved csr/${good} --timeout=30s`).toBe(
      `certificatesigningrequest.certificates.k8s.io/${good} condition met\n`,
    );
    await request(bad);
    expect(await kubectl.ok`certificate deny ${bad}`).toBe(`certificatesigningrequest.certificates.k8s.io/${bad} denied\n`);
    expect(await kubectl.ok`get csr ${bad} --no-headers`).toMatch(/ Denied\n$/);
  });

  it('events, by object and type', async () => {
    await kubectl.input(shellPod('eventful', 'exec sleep 1000')).ok`apply -f -`;
    await kubectl.ok`wait --for=condition=Ready pod/eventful --timeout=30s`;
    const events = await kubectl.ok`events --for=pod/eventful`;
    expect(events).toMatch(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
    for (const [reason, message] of [
      ['Scheduled', `Successfully assigned ${kubectl.id}/eventful to node-\\d`],
      ['Pulled', '(Successfully pulled image|Container image) "busybox:1\\.36".*'],
      ['Created', 'Container created'],
      ['Started', 'Container started'],
    ]) {
      expect(events).toMatch(new RegExp(`\\n\\S+ +Normal +${reason} +Pod/eventful +${message}\\n`));
    }
    expect(
      await kubectl.ok`get events --field-selector=involvedObject.name=eventful,reason=Scheduled -o ${'jsonpath={.items[*].reason}'}`,
    ).toBe('Scheduled');
    expect((await kubectl.run`events --for=pod/eventful --types=Warning`).stdout).not.toContain('Normal');
  });

  it('wait for conditions, fields and deletion', async () => {
    await kubectl.input(configMap('awaited', { stage: 'one' })).ok`apply -f -`;
    const waiting = kubectl.start`wait --for=jsonpath={.data.stage}=two configmap/awaited --timeout=30s`;
    await kubectl.ok`patch configmap awaited --type=merge -p ${'{"data":{"stage":"two"}}'}`;
    expect(await waiting.ended).toEqual({ code: 0, stdout: 'configmap/awaited condition met\n', stderr: '' });
    expect(await kubectl.fails`wait --for=jsonpath={.data.stage}=three configmap/awaited --timeout=1s`).toBe(
      'error: timed out waiting for the condition on configmaps/awaited\n',
    );
    const gone = kubectl.start`wait --for=delete configmap/awaited --timeout=30s`;
    await kubectl.ok`delete configmap awaited`;
    expect((await gone.ended).code).toBe(0);
  });
}

/** A PKCS #10 request for the common name `someone`. */
const certificateRequest = `-----BEGIN CERTIFICATE REQUEST-----
MIHMMHQCAQAwEjEQMA4GA1UEAwwHc29tZW9uZTBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABF5KDDKaaDIVzXsCAtYrIh7B5qP9WTxBAc9Rei7RR6f85bU9hu32UWQ4
tz9vXTPBXpuXLK1WGN7xPOa7SaEpzgqgADAKBggqhkjOPQQDAgNIADBFAiEA/ywV
72kSYHBJba7aPd49tcgyF9MOboWcTWOCrObULkgCICJXawLKwBgd5xl0tvFI34WU
b3M50nXbxpY6x64vpOc8
-----END CERTIFICATE REQUEST-----
`;
