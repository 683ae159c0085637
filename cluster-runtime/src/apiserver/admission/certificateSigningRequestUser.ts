/** Notes in a certificate signing request who makes it; what the request says of that itself does not count. */
import type { CertificateSigningRequest } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin } from './admission.ts';

export const certificateSigningRequestUser: AdmissionPlugin = {
  name: 'CertificateSigningRequestUser',
  handles: ({ operation, kind }) => operation === 'CREATE' && kind.kind === 'CertificateSigningRequest',
  mutate({ object, options: { user } }) {
    const { spec } = object as CertificateSigningRequest;
    if (!spec) return;
    spec.username = user.name;
    spec.groups = [...user.groups];
    if (user.uid) spec.uid = user.uid;
    else delete spec.uid;
    if (user.extra) spec.extra = Object.fromEntries(Object.entries(user.extra).map(([name, values]) => [name, [...values]]));
    else delete spec.extra;
  },
};
