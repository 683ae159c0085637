/** What a volume gets when its author leaves it out: file modes, API versions, the options of some old drivers. */
import type * as api from '#common/schema/generated/types.ts';
import { defaultedFieldRef, defaultedResourceFieldRef, defaultPullPolicy } from './containerDefaults.ts';
import { mapShared, withDefaults, withField, withZeroDefaults } from './copyOnWrite.ts';

const modeDefaults = { defaultMode: 0o644 };
const hostPathDefaults = { type: '' };
const tokenDefaults = { expirationSeconds: 3600 };
const claimDefaults = { volumeMode: 'Filesystem' };
const iscsiDefaults = { iscsiInterface: 'default' };
const rbdDefaults = { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' };
const scaleIODefaults = { storageMode: 'ThinProvisioned', fsType: 'xfs' };
const azureDiskDefaults = { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false };

export function defaultedVolume(volume: api.Volume): api.Volume {
  if (!hasSource(volume)) return { ...volume, emptyDir: {} };
  let out = volume;
  if (out.configMap) out = withField(out, 'configMap', withDefaults(out.configMap, modeDefaults));
  if (out.secret) out = withField(out, 'secret', withDefaults(out.secret, modeDefaults));
  if (out.projected) out = withField(out, 'projected', defaultedProjected(out.projected));
  if (out.downwardAPI) {
    out = withField(out, 'downwardAPI', defaultedDownward(withDefaults(out.downwardAPI, modeDefaults)));
  }
  if (out.hostPath) out = withField(out, 'hostPath', withDefaults(out.hostPath, hostPathDefaults));
  if (out.ephemeral?.volumeClaimTemplate) out = withField(out, 'ephemeral', defaultedEphemeral(out.ephemeral));
  if (out.image && !out.image.pullPolicy) {
    out = { ...out, image: { ...out.image, pullPolicy: defaultPullPolicy(out.image.reference) } };
  }
  if (out.iscsi) out = withField(out, 'iscsi', withZeroDefaults(out.iscsi, iscsiDefaults));
  if (out.rbd) out = withField(out, 'rbd', withZeroDefaults(out.rbd, rbdDefaults));
  if (out.scaleIO) out = withField(out, 'scaleIO', withZeroDefaults(out.scaleIO, scaleIODefaults));
  if (out.azureDisk) out = withField(out, 'azureDisk', withDefaults(out.azureDisk, azureDiskDefaults));
  return out;
}

/** Every field of a volume but its name is a source. */
function hasSource(volume: api.Volume): boolean {
  for (const key in volume) if (key !== 'name' && volume[key as keyof api.Volume] != null) return true;
  return false;
}

function defaultedProjected(projected: api.ProjectedVolumeSource): api.ProjectedVolumeSource {
  const out = withDefaults(projected, modeDefaults);
  return out.sources ? withField(out, 'sources', mapShared(out.sources, defaultedProjection)) : out;
}

function defaultedProjection(source: api.VolumeProjection): api.VolumeProjection {
  let out = source;
  if (out.serviceAccountToken) {
    out = withField(out, 'serviceAccountToken', withDefaults(out.serviceAccountToken, tokenDefaults));
  }
  if (out.downwardAPI) out = withField(out, 'downwardAPI', defaultedDownward(out.downwardAPI));
  return out;
}

const defaultedDownward = <T extends { items?: api.DownwardAPIVolumeFile[] }>(source: T): T =>
  source.items ? withField(source, 'items', mapShared(source.items, defaultedDownwardFile)) : source;

function defaultedDownwardFile(file: api.DownwardAPIVolumeFile): api.DownwardAPIVolumeFile {
  let out = file;
  if (out.fieldRef) out = withField(out, 'fieldRef', defaultedFieldRef(out.fieldRef));
  if (out.resourceFieldRef) out = withField(out, 'resourceFieldRef', defaultedResourceFieldRef(out.resourceFieldRef));
  return out;
}

function defaultedEphemeral(source: api.EphemeralVolumeSource): api.EphemeralVolumeSource {
  const template = source.volumeClaimTemplate;
  if (!template) return source;
  const metadata = template.metadata ?? {};
  const spec = withDefaults(template.spec ?? {}, claimDefaults);
  return withField(source, 'volumeClaimTemplate', withField(withField(template, 'metadata', metadata), 'spec', spec));
}
