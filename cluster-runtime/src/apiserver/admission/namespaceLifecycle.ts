/** Nothing is created in a namespace that does not exist or is being deleted; the system's namespaces stay. */
import { ApiError, forbiddenError, notFound } from '#common/api/status.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import type { AdmissionPlugin } from './admission.ts';

const permanent = new Set(['default', 'kube-system', 'kube-public']);

export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  handles: ({ operation, kind }) =>
    operation === 'CREATE' || (operation === 'DELETE' && kind.kind === 'Namespace' && kind.group === ''),
  mutate({ operation, kind, namespace, name, object }, state) {
    if (operation !== 'CREATE' || !kind.namespaced) return;
    const found = state.get(Namespace, '', namespace);
    if (!found) throw notFound({ group: '', resource: 'namespaces' }, namespace);
    if (!found.metadata.deletionTimestamp) return;
    // Whether anybody may go on in a dying namespace is decided per object: its own deletion needs nothing new.
    const error = forbiddenError(
      { group: kind.group, resource: kind.plural },
      name || (object?.metadata.generateName ?? ''),
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
    throw new ApiError(error.code, error.reason, error.message, {
      ...error.details,
      causes: [
        { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
      ],
    });
  },
  validate({ operation, name }) {
    if (operation === 'DELETE' && permanent.has(name)) {
      throw forbiddenError({ group: '', resource: 'namespaces' }, name, 'this namespace may not be deleted');
    }
  },
};
