/** The security settings of one container, and the profiles that pods and containers share. */
import { invalid, notSupported, required, tooLong } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { byteLength } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addProblems, checkId, checkSupported, descendingPathProblems, type Errors } from './fieldRules.ts';
import { internalForm } from './internalForm.ts';
import { validateWindowsOptions } from './windowsOptions.ts';

const procMounts = ['Default', 'Unmasked'];
const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

export function validateSecurityContext(context: api.SecurityContext, hostUsers: boolean, path: FieldPath, errors: Errors): void {
  checkId(context.runAsUser, path, 'runAsUser', errors);
  checkId(context.runAsGroup, path, 'runAsGroup', errors);
  if (context.procMount != null) {
    checkSupported(context.procMount, procMounts, path, 'procMount', errors);
    if (hostUsers && context.procMount === 'Unmasked') {
      errors.push(invalid(path.child('procMount'), context.procMount, '`hostUsers` must be false to use `Unmasked`'));
    }
  }
  if (context.seccompProfile) validateSeccompProfile(context.seccompProfile, path.child('seccompProfile'), errors);
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged === true) {
      const text = 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true';
      errors.push(invalid(path, internalForm('SecurityContext', context), text));
    }
    if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) {
      const text = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
      errors.push(invalid(path, internalForm('SecurityContext', context), text));
    }
  }
  if (context.windowsOptions) validateWindowsOptions(context.windowsOptions, path.child('windowsOptions'), errors);
  if (context.appArmorProfile) validateAppArmorProfile(context.appArmorProfile, path.child('appArmorProfile'), errors);
}

export function validateSeccompProfile(profile: api.SeccompProfile, path: FieldPath, errors: Errors): void {
  if (!profile.type) {
    errors.push(required(path.child('type'), 'type is required when seccompProfile is set'));
    return;
  }
  if (profile.type === 'Localhost') {
    if (!profile.localhostProfile) {
      errors.push(required(path.child('localhostProfile'), 'must be set when seccomp type is Localhost'));
    } else {
      const problems = descendingPathProblems(profile.localhostProfile);
      if (problems.length) addProblems(profile.localhostProfile, problems, path.child('localhostProfile'), errors);
    }
    return;
  }
  if (profile.localhostProfile != null) {
    const text = 'can only be set when seccomp type is Localhost';
    errors.push(invalid(path.child('localhostProfile'), internalForm('SeccompProfile', profile), text));
  }
  if (!profileTypes.includes(profile.type)) errors.push(notSupported(path.child('type'), profile.type, profileTypes));
}

export function validateAppArmorProfile(profile: api.AppArmorProfile, path: FieldPath, errors: Errors): void {
  const local = profile.localhostProfile;
  if (!profile.type) {
    errors.push(required(path.child('type'), 'type is required when appArmorProfile is set'));
  } else if (profile.type === 'Localhost') {
    if (local == null) {
      errors.push(required(path.child('localhostProfile'), 'must be set when AppArmor type is Localhost'));
    } else if (local.trim() !== local) {
      errors.push(invalid(path.child('localhostProfile'), local, 'must not be padded with whitespace'));
    } else if (!local) {
      errors.push(required(path.child('localhostProfile'), 'must be set when AppArmor type is Localhost'));
    }
    if (local != null && byteLength(local) > 4095) errors.push(tooLong(path.child('localhostProfile'), 4095));
  } else {
    if (local != null) {
      errors.push(invalid(path.child('localhostProfile'), local, 'can only be set when AppArmor type is Localhost'));
    }
    checkSupported(profile.type, profileTypes, path, 'type', errors);
  }
}
