/** The example of policies with what its page says to type, under names of this kubectl's own. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { projectFolder } from '../../support/testCluster.ts';
import type { Kubectl } from '../kubectl.ts';

export function policyCommands(kubectl: Kubectl): void {
  const ns = `guarded-${kubectl.id}`;
  const own = (text: string): string =>
    text
      .replaceAll('guarded', ns)
      .replaceAll('few-replicas', `few-replicas-${kubectl.id}`)
      .replaceAll('example.com', `policies.${kubectl.id}.example.com`);
  const manifests = (...folder: string[]): string => {
    const root = path.join(projectFolder, 'examples/policies', ...folder);
    const files = readdirSync(root).filter((name) => name.endsWith('.yaml'));
    return own(files.map((name) => readFileSync(path.join(root, name), 'utf8')).join('\n---\n'));
  };

  it('policies: what a cluster refuses, and how it says so', async () => {
    await kubectl.input(manifests()).ok`apply -f -`;
    await kubectl.ok`wait --for=condition=Established ${own('crd/windows.example.com')} --timeout=30s`;
    await kubectl.input(manifests('windows')).ok`apply -f -`;
    await kubectl.ok`rollout status deployment/web -n ${ns} --timeout=60s`;

    expect(await kubectl.fails`run root --image=nginx:1.27 --privileged -n ${ns}`).toBe(
      'Error from server (Forbidden): pods "root" is forbidden: violates PodSecurity "baseline:latest": privileged ' +
        '(container "root" must not set securityContext.privileged=true)\n',
    );
    const plain = await kubectl.run`run plain --image=nginx:1.27 -n ${ns}`;
    expect(plain.stdout).toBe('pod/plain created\n');
    expect(plain.stderr).toBe(
      'Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "plain" must set ' +
        'securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "plain" must set ' +
        'securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "plain" must set ' +
        'securityContext.runAsNonRoot=true), seccompProfile (pod or container "plain" must set securityContext.seccompProfile.type ' +
        'to "RuntimeDefault" or "Localhost")\n',
    );

    const policy = `few-replicas-${kubectl.id}`;
    const binding = `few-replicas-${kubectl.id}-${ns}`;
    expect(await kubectl.fails`scale deployment web --replicas=9 -n ${ns}`).toContain(
      `ValidatingAdmissionPolicy '${policy}' with binding '${binding}' denied request: at most 5 replicas here, not 9\n`,
    );
    await kubectl.ok`scale deployment web --replicas=5 -n ${ns}`;
    await kubectl.ok`create deployment other --image=nginx:1.27 --replicas=9`;

    const windows = own('windows.example.com');
    const patch = (spec: object): string => JSON.stringify({ spec });
    expect(await kubectl.fails`patch ${windows} night -n ${ns} --type=merge -p ${patch({ to: 0 })}`).toMatch(
      /^The Window "night" is invalid: (\* )?spec: Invalid value: ends at 0, before it begins\n/,
    );
    expect(await kubectl.fails`patch ${windows} night -n ${ns} --type=merge -p ${patch({ zone: 'UTC' })}`).toMatch(
      /^The Window "night" is invalid: (\* )?spec\.zone: Invalid value: "UTC": a window stays in its zone\n/,
    );
    expect(await kubectl.ok`patch ${windows} night -n ${ns} --type=merge -p ${patch({ to: 6 })}`).toContain('patched');
    await kubectl.ok`delete namespace ${ns} --timeout=60s`;
  });
}
