/** The credential plugin of a kubeconfig's user, checked before anything is run. */
import path from 'node:path';
import type { ExecPlugin } from '../clusterAccess.ts';
import { isMapping, type KubeconfigEntry } from './kubeconfig.ts';
import { KubeconfigError } from './kubeconfigError.ts';

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** Throws KubeconfigError, whose sentence begins with `who`. */
export function execPluginOf(user: KubeconfigEntry, who: string, cluster: KubeconfigEntry): ExecPlugin | undefined {
  const exec = user.fields['exec'];
  if (exec === undefined || exec === null) return undefined;
  if (!isMapping(exec) || typeof exec['command'] !== 'string' || exec['command'] === '')
    throw new KubeconfigError(`${who} has an exec plugin without a command.`);
  const apiVersion = exec['apiVersion'];
  if (typeof apiVersion !== 'string' || !versions.includes(apiVersion))
    throw new KubeconfigError(`${who} has an exec plugin whose apiVersion is not ${versions.join(' or ')}.`);
  const command = exec['command'];
  const { installHint, interactiveMode } = exec;
  return {
    apiVersion,
    // A bare name is looked for on PATH; a path stands beside the kubeconfig.
    command: /[/\\]/.test(command) ? path.resolve(path.dirname(user.file), command) : command,
    args: Array.isArray(exec['args']) ? exec['args'].map(String) : [],
    env: environmentOf(exec['env']),
    ...(typeof installHint === 'string' ? { installHint } : {}),
    ...(typeof interactiveMode === 'string' ? { interactiveMode } : {}),
    ...(exec['provideClusterInfo'] === true ? { clusterInfo: clusterInfo(cluster) } : {}),
  };
}

function environmentOf(list: unknown): Record<string, string> {
  const variables = Array.isArray(list) ? list.filter(isMapping) : [];
  return Object.fromEntries(variables.map(({ name, value }) => [String(name), String(value ?? '')]));
}

/** The cluster's fields that a plugin may see, and what an extension of that name tells it. */
function clusterInfo({ fields }: KubeconfigEntry): Record<string, unknown> {
  const passed = ['server', 'tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority-data', 'proxy-url'];
  const extensions = Array.isArray(fields['extensions']) ? fields['extensions'].filter(isMapping) : [];
  const config = extensions.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.['extension'];
  return {
    ...Object.fromEntries(passed.filter((field) => fields[field] !== undefined).map((field) => [field, fields[field]])),
    ...(config === undefined ? {} : { config }),
  };
}
