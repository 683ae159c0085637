/** What the API server would reject, from the same code and in the same words, where it stands. */
import { stepsText } from '#common/manifests/fieldSteps.ts';
import type { ManifestDocument } from '#common/manifests/manifestDocument.ts';
import { containerOf, type ManifestNode } from '#common/manifests/nodes.ts';
import { isRegisteredKind, readTypeMeta } from '#common/schema/typeMeta.ts';
import { dns1123SubdomainErrors } from '#common/api/names.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import { builtinKinds } from '#common/schema/builtinTypes.ts';
import { objectProblems, problemText } from '../schema/objectProblems.ts';
import { typeProblems } from '../schema/typeProblems.ts';
import { removedVersion } from './versions/removedVersions.ts';
import { addVolumeFixes } from './objectFixes/addVolume.ts';
import { matchSelectorFixes } from './objectFixes/matchSelector.ts';
import { defineRule, type Finding, type RuleContext } from './rule.ts';

export const invalidObject = defineRule({
  id: 'invalid-object',
  title: 'The API server would reject the object',
  severity: 'error',
  needs: 'document',
  docs: 'The object does not have the structure of its kind, or breaks a rule of it. The message is the one that Kubernetes answers with. Objects of custom kinds are checked when their CustomResourceDefinition is in the workspace or in the cluster.',
  example: {
    bad: `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: -1
#           ^^ error: spec.replicas: Invalid value: -1: must be greater than or equal to 0
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          imagee: nginx
#         ^^^^^^ error: unknown field "spec.template.spec.containers[0].imagee", did you mean "image"?
`,
    good: `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: nginx
`,
  },
  looksAt: { untyped: true, patches: true },
  check: (ctx) => (ctx.gvk.kind ? findings(ctx) : typeMetaFinding(ctx)),
  fixes(snapshot, file, { range, data }) {
    const { nearest, code, path } = data as { nearest?: string; code?: string; path?: string };
    if (nearest !== undefined) {
      return [
        { title: snapshot.l10n.t('Change to "{0}"', nearest), edits: [{ uri: file.uri, range, text: nearest }], preferred: true },
      ];
    }
    const document = file.documents.find(({ start, end }) => start <= range.start && range.start <= end);
    if (!document || path === undefined) return [];
    if (code === 'FieldValueNotFound') return addVolumeFixes(snapshot, file, document, path);
    return code === 'FieldValueInvalid' ? matchSelectorFixes(snapshot, file, document, path) : [];
  },
});

/** An apiVersion or kind that is no text, so that nobody can tell what the object is. */
function* typeMetaFinding({ document, gvk }: RuleContext): Generator<Finding> {
  const read = readTypeMeta(document.value, gvk);
  if (!('problem' in read)) return;
  const path = document.apiVersion === undefined ? 'apiVersion' : 'kind';
  yield { range: document.rangeFor(path), message: read.problem, data: {} };
}

function* findings({ snapshot, document, gvk, role }: RuleContext): Generator<Finding> {
  const { root } = document;
  const known = snapshot.schema.kinds.find(gvk);
  if (!root) return;
  if (!known) {
    // Kinds of other groups may be defined somewhere else, where they can be at all; of versions that are gone another rule tells.
    const foreign = !isOwnGroup(gvk.group) && gvk.group.includes('.') && dns1123SubdomainErrors(gvk.group).length === 0;
    if (foreign || isRegisteredKind(gvk, gvk.group) || removedVersion(gvk)) return;
    const message = `no matches for kind ${JSON.stringify(gvk.kind)} in version ${JSON.stringify(apiVersionOf(gvk))}`;
    yield { range: document.rangeFor('kind'), message, data: {} };
    return;
  }
  let wrongTypes = false;
  const misspelled = new Set<string>();
  for (const { kind, message, node, nearest } of typeProblems(known.type, root)) {
    if (role === 'patch' && isDirective(node)) continue;
    wrongTypes ||= kind === 'type';
    if (nearest !== undefined) misspelled.add(stepsText([...containerPath(document, node), nearest]));
    const { t } = snapshot.l10n;
    const hinted = nearest === undefined ? message : t('{0}, did you mean {1}?', message, JSON.stringify(nearest));
    yield { range: node, message: hinted, data: { code: kind, ...(nearest === undefined ? {} : { nearest }) } };
  }
  // What was not decoded would only be missed again; of a patch the rest is somewhere else.
  if (wrongTypes || role === 'patch') return;
  const problems = objectProblems(known, document.value);
  if ('refused' in problems) {
    yield { range: document.rangeFor('kind'), message: problems.refused, data: {} };
    return;
  }
  const told = new Set<string>();
  for (const error of problems.errors) {
    const message = problemText(error);
    if (told.has(message) || (error.type === 'FieldValueRequired' && misspelled.has(stepsText(error.path.steps())))) continue;
    told.add(message);
    yield { range: document.rangeFor(error.path.steps()), message, data: { code: error.type, path: error.path.toString() } };
  }
}

/** `$patch: delete` and its like, which say how a patch is to be laid over the object. */
const isDirective = (node: ManifestNode): boolean =>
  node.kind === 'scalar' && typeof node.value === 'string' && node.value.startsWith('$');

/** The path of the map that a key is in. */
function containerPath(document: ManifestDocument, key: ManifestNode): (string | number)[] {
  const map = containerOf(key);
  return map ? document.pathOf(map) : [];
}

let ownGroups: Set<string> | undefined;
function isOwnGroup(group: string): boolean {
  ownGroups ??= new Set(builtinKinds().map((gvk) => gvk.group));
  return ownGroups.has(group);
}
