/** Where a container mounts the pod's volumes, and which of them it gets as raw block devices. */
import { forbidden, invalid, notFoundField, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addProblems, descendingPathProblems, type Errors, hasBackstep } from './fieldRules.ts';
import type { PodContext } from './validationContext.ts';

type AnyContainer = api.Container | api.EphemeralContainer;

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'Enabled', 'IfPossible'];

export function validateVolumeMounts(container: AnyContainer, ctx: PodContext, path: FieldPath, errors: Errors): void {
  const mounts = container.volumeMounts ?? [];
  const devices = container.volumeDevices ?? [];
  const paths = new Set<string>();
  for (let i = 0; i < mounts.length; i++) {
    const mount = mounts[i] as api.VolumeMount;
    if (!mount.name) errors.push(required(path.index(i).child('name')));
    if (!ctx.volumes.has(mount.name ?? '')) errors.push(notFoundField(path.index(i).child('name'), mount.name ?? ''));
    if (!mount.mountPath) errors.push(required(path.index(i).child('mountPath')));
    if (paths.has(mount.mountPath ?? ''))
      errors.push(invalid(path.index(i).child('mountPath'), mount.mountPath, 'must be unique'));
    paths.add(mount.mountPath ?? '');
    if (devices.length) checkAgainstDevices(mount, devices, path.index(i), errors);
    if (mount.subPath) addProblems(mount.subPath, descendingPathProblems(mount.subPath), path.child('subPath'), errors);
    if (mount.subPathExpr) validateSubPathExpr(mount, path, path.index(i), errors);
    if (mount.mountPropagation != null) validatePropagation(mount.mountPropagation, container, path, errors);
    if (mount.recursiveReadOnly != null) validateRecursiveReadOnly(mount, mount.recursiveReadOnly, path, errors);
  }
}

function checkAgainstDevices(mount: api.VolumeMount, devices: readonly api.VolumeDevice[], at: FieldPath, errors: Errors): void {
  if (devices.some((device) => device.name === mount.name)) {
    errors.push(invalid(at.child('name'), mount.name, 'must not already exist in volumeDevices'));
  }
  if (devices.some((device) => device.devicePath === mount.mountPath)) {
    errors.push(invalid(at.child('mountPath'), mount.mountPath, 'must not already exist as a path in volumeDevices'));
  }
}

function validateSubPathExpr(mount: api.VolumeMount, path: FieldPath, at: FieldPath, errors: Errors): void {
  if (mount.subPath) {
    errors.push(invalid(at.child('subPathExpr'), mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
  }
  addProblems(mount.subPathExpr, descendingPathProblems(mount.subPathExpr ?? ''), path.child('subPathExpr'), errors);
}

function validatePropagation(propagation: string, container: AnyContainer, path: FieldPath, errors: Errors): void {
  if (!propagations.includes(propagation)) {
    errors.push(notSupported(path.child('mountPropagation'), propagation, propagations));
  } else if (propagation === 'Bidirectional' && container.securityContext?.privileged !== true) {
    const text = 'Bidirectional mount propagation is available only to privileged containers';
    errors.push(forbidden(path.child('mountPropagation'), text));
  }
}

function validateRecursiveReadOnly(mount: api.VolumeMount, mode: string, path: FieldPath, errors: Errors): void {
  if (!recursions.includes(mode)) {
    errors.push(notSupported(path.child('recursiveReadOnly'), mode, recursions));
    return;
  }
  if (mode === 'Disabled') return;
  if (!mount.readOnly) errors.push(forbidden(path.child('recursiveReadOnly'), 'may only be specified when readOnly is true'));
  if (mount.mountPropagation != null && mount.mountPropagation !== 'None') {
    const text = 'may only be specified when mountPropagation is None or not specified';
    errors.push(forbidden(path.child('recursiveReadOnly'), text));
  }
}

export function validateVolumeDevices(container: AnyContainer, ctx: PodContext, path: FieldPath, errors: Errors): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  const mounts = container.volumeMounts ?? [];
  container.volumeDevices?.forEach((device, i) => {
    const at = path.index(i);
    const name = device.name ?? '';
    const devicePath = device.devicePath ?? '';
    if (!name) errors.push(required(at.child('name')));
    if (names.has(name)) errors.push(invalid(at.child('name'), name, 'must be unique'));
    const volume = ctx.volumes.get(name);
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
      const text = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      errors.push(invalid(at.child('name'), name, text));
    }
    if (!volume) errors.push(notFoundField(at.child('name'), name));
    if (!devicePath) errors.push(required(at.child('devicePath')));
    if (paths.has(devicePath)) errors.push(invalid(at.child('devicePath'), devicePath, 'must be unique'));
    if (hasBackstep(devicePath)) errors.push(invalid(at.child('devicePath'), devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (mounts.some((mount) => mount.name === name)) {
      errors.push(invalid(at.child('name'), name, 'must not already exist in volumeMounts'));
    }
    if (mounts.some((mount) => mount.mountPath === devicePath)) {
      errors.push(invalid(at.child('devicePath'), devicePath, 'must not already exist as a path in volumeMounts'));
    }
    if (name) names.add(name);
  });
}
