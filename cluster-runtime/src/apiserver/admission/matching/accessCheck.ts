/** What expressions ask of authorization, answered for the user of a request or for a service account that they name. */
import type { AccessCheck } from '#common/kinds/admission/authorizerLibrary.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import type { User } from '../../registry/registry.ts';

export const accessCheckFor =
  (user: User, authorizer: Authorizer): AccessCheck =>
  ({ serviceAccount, path, ...question }) =>
    authorizer.authorize({
      ...question,
      user: serviceAccount ? serviceAccountUser(serviceAccount) : user,
      isResource: path === undefined,
      path: path ?? '',
      version: '*',
    });

const serviceAccountUser = ({ namespace, name }: { readonly namespace: string; readonly name: string }): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});
