/** What only Windows containers know: the user's name, group managed service accounts, host processes. */
import { invalid } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { byteLength, dns1123SubdomainErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addFieldProblems, type Errors } from './fieldRules.ts';

const maxCredentialSpec = 64 * 1024;
const controlCharacters = /[\p{Cc}]+/u;
const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsDomain = /^(?:[-A-Za-z0-9]|[A-Za-z0-9][-A-Za-z0-9]{0,61}[A-Za-z0-9])(?:\.[A-Za-z0-9][-A-Za-z0-9]{0,61}[A-Za-z0-9])+$/;
const userCharacters = /["/\\:;|=,+*?<>@[\]]/;
const onlyDotsOrSpaces = /^[. ]+$/;

export function validateWindowsOptions(options: api.WindowsSecurityContextOptions, path: FieldPath, errors: Errors): void {
  const { gmsaCredentialSpecName: specName, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  if (specName != null) addFieldProblems(specName, dns1123SubdomainErrors(specName), path, 'gmsaCredentialSpecName', errors);
  if (spec != null) {
    if (spec === '') {
      errors.push(invalid(path.child('gmsaCredentialSpec'), spec, 'gmsaCredentialSpec cannot be an empty string'));
    } else if (byteLength(spec) > maxCredentialSpec) {
      const text = `gmsaCredentialSpec size must be under ${maxCredentialSpec / 1024} KiB`;
      errors.push(invalid(path.child('gmsaCredentialSpec'), spec, text));
    }
  }
  if (user != null) addFieldProblems(user, userNameProblems(user), path, 'runAsUserName', errors);
}

function userNameProblems(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  if (controlCharacters.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const problems: string[] = [];
  const [domain, user] = parts.length === 2 ? [parts[0] ?? '', parts[1] ?? ''] : [undefined, name];
  if (domain !== undefined) {
    if (domain.length >= 256) problems.push("runAsUserName's Domain length must be under 256 characters");
    if (!netBios.test(domain) && !dnsDomain.test(domain)) {
      problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    }
  }
  if (user === '') problems.push("runAsUserName's User cannot be empty");
  else if (user.length > 104) problems.push("runAsUserName's User length must not be longer than 104 characters");
  if (onlyDotsOrSpaces.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (userCharacters.test(user)) {
    problems.push(`runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  }
  return problems;
}

/** Host process containers: all or none, agreeing with the pod, on the host's network. */
export function validateHostProcess(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  const podLevel = spec.securityContext?.windowsOptions?.hostProcess;
  let total = 0;
  let hostProcesses = 0;
  const visit = (containers: readonly (api.Container | api.EphemeralContainer)[] | undefined, field: string): void => {
    containers?.forEach((container, i) => {
      total++;
      const own = container.securityContext?.windowsOptions?.hostProcess;
      if (own != null && podLevel != null && own !== podLevel) {
        const text = `pod hostProcess value must be identical if both are specified, was ${podLevel}`;
        const at = path.child(field).index(i).child('securityContext', 'windowsOptions', 'hostProcess');
        errors.push(invalid(at, own, text));
      }
      if (own ?? podLevel) hostProcesses++;
    });
  };
  visit(spec.containers, 'containers');
  visit(spec.initContainers, 'initContainers');
  visit(spec.ephemeralContainers, 'ephemeralContainers');
  if (!hostProcesses) return;
  if (hostProcesses !== total) {
    errors.push(
      invalid(path, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'),
    );
  }
  if (!spec.hostNetwork) {
    const text = 'hostNetwork must be true if pod contains any hostProcess containers';
    errors.push(invalid(path.child('hostNetwork'), false, text));
  }
}
