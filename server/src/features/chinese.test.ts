/** The same features in Chinese: names, reasons and documentation of Kubernetes stay, all else is in the person's language. */
import { describe, expect, test } from 'vitest';
import { l10nOf } from '../l10n.ts';
import { allRules } from '../rules/allRules.ts';
import { checkDiagnostics, checkHover, diagnosticsOf, workspaceOf } from '../testing/check.ts';
import { selectorMatchesNothing } from '../rules/selectorMatchesNothing.ts';
import { invalidObject } from '../rules/invalidObject.ts';
import { missingConfigMap } from '../rules/names/missingConfigMap.ts';
import { provideAddProbes } from './actions/addProbes.ts';
import { provideExtractEnvironment } from './actions/extractEnvironment.ts';
import { provideFieldCompletion } from './completion/fields.ts';
import { provideImageCompletion } from './completion/images.ts';
import { provideNameCompletion } from './completion/names.ts';
import { provideObjectSnippets } from './completion/objectSnippets.ts';
import { provideSelectorLabelCompletion } from './completion/selectorLabels.ts';
import { provideExplanation } from './explain/explain.ts';
import type { AtOffset, CodeAction, Completion, ExplainStep, Hover, InRange } from './feature.ts';
import { provideFieldHover } from './fieldHover.ts';
import { provideAmountHover } from './hover/amountHover.ts';
import { provideReferenceHover } from './hover/referenceHover.ts';
import { provideReplicasHover } from './hover/replicasHover.ts';
import { provideSelectorHover } from './hover/selectorHover.ts';
import { provideDefaultHints } from './inlayHints/defaultHints.ts';
import { provideObjectLenses } from './lenses/objectLenses.ts';
import { provideRename } from './navigation/rename.ts';

const l10n = await l10nOf('zh-cn');

const service = (app: string, kind = 'Service'): string => `apiVersion: v1
kind: ${kind}
metadata: {name: web}
spec: {selector: {app: ${app}}, ports: [{port: 80}]}
`;
const deployment = (replicas = '3', container = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx:1.27
${container}`;
const liveDeployment = `${deployment().replace(
  'namespace: default',
  'namespace: default, managedFields: [{manager: kubectl, operation: Apply, time: "2026-01-01T00:58:00Z"}]',
)}status: {replicas: 3, readyReplicas: 2, updatedReplicas: 3}
`;
const livePod = (ready: string, state: string): string => `apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: default, labels: {app: web}, creationTimestamp: "2026-01-01T00:00:00Z"}
spec: {nodeName: node-1, containers: [{name: web}]}
status:
  phase: Running
  conditions: [{type: Ready, status: "${ready}"}]
  containerStatuses: [{name: web, ready: ${ready.toLowerCase()}, restartCount: 2, state: ${state}}]
`;

const hovers: [string, AtOffset<Hover>, string, readonly string[]][] = [
  [
    'a selector',
    provideSelectorHover,
    `${service('w$0eb')}---\n${deployment()}#- live\n${livePod('True', '{running: {}}')}`,
    ['**选择**带有 `app=web` 的 **Pod**', '工作区中：`Deployment/web`', '| Pod | 状态 | 就绪 |', '| web-1 | Running | 1/1 | 2 |'],
  ],
  ['a selector of nothing', provideSelectorHover, `${service('w$0b')}---\n${deployment()}`, ['要求 `app=wb`，而它是 `app=web`']],
  [
    'a name',
    provideReferenceHover,
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, configMap: {name: set$0tings}}]}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "", b: ""}\n',
    ['，位于命名空间 `default`', '工作区中：`main.yaml`，键 `a`、`b`'],
  ],
  [
    'replicas',
    provideReplicasHover,
    `${deployment('3$0')}#- live\n${liveDeployment}`,
    ['集群中：期望 3，副本 3，已更新 3，就绪 2'],
  ],
  [
    'an amount',
    provideAmountHover,
    deployment('3', '          resources: {limits: {cpu: 25$00m}}\n'),
    ['`250m` = 0.25 核（250m），即一个核的 25%'],
  ],
  [
    'a field',
    provideFieldHover,
    deployment().replace('selector:', 'selec$0tor:'),
    ['· 必填', 'A label selector is a label query'],
  ],
];

test.each(hovers)('hover on %s', async (_what, provide, fixture, expected) => {
  await checkHover(provide, fixture, expected, { l10n });
});

test('the lens above an object', async () => {
  const { snapshot, file } = workspaceOf(`${deployment('4')}#- live\n${liveDeployment}`, { l10n });
  const lenses = (await provideObjectLenses(snapshot, file)) ?? [];
  expect(lenses.map(({ command }) => command.title)).toEqual([
    '2/3 就绪 · 2 分钟前应用 · 与集群不同',
    '应用',
    '比较',
    '日志',
    '删除',
  ]);
});

test('inlay hints stay as one would write them; why they are there is in Chinese', async () => {
  const { snapshot, file } = workspaceOf(service('web'), { l10n });
  const hints = (await provideDefaultHints(snapshot, file, { start: 0, end: file.text.length })) ?? [];
  expect(hints.map(({ label, tooltip }) => `${label}: ${tooltip ?? ''}`)).toEqual([
    'type: ClusterIP: 不写类型时，Service 只有集群内部的地址。',
    'targetPort: 80: 不写 `targetPort` 时，访问容器所用的端口与 Service 的端口相同。',
  ]);
});

const completions: [string, AtOffset<readonly Completion[]>, string, string, string][] = [
  ['a field', provideFieldCompletion, 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  $0\n', 'selector', 'LabelSelector · 必填'],
  ['an object', provideObjectSnippets, '$0\n', 'StatefulSet', '名称和卷固定不变的 Pod'],
  [
    'an image',
    provideImageCompletion,
    deployment('3', '        - image: $0\n'),
    'nginx',
    '按配置提供文件、重定向和代理；记录每个请求',
  ],
  [
    'a label',
    provideSelectorLabelCompletion,
    `${service('$0')}---\n${deployment()}#- live\n${livePod('True', '{running: {}}')}`,
    'web',
    '工作区中 1 个',
  ],
  [
    'a name',
    provideNameCompletion,
    `${deployment('3', '      serviceAccountName: $0\n')}#- live\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot, namespace: default}\n`,
    'robot',
    'ServiceAccount · 集群',
  ],
];

test.each(completions)('completion of %s', async (_what, provide, fixture, label, detail) => {
  const { snapshot, file, offset } = workspaceOf(fixture, { l10n });
  const items = (await provide(snapshot, file, offset)) ?? [];
  expect(items.find((item) => item.label === label)?.detail).toBe(detail);
});

const actions: [InRange<readonly CodeAction[]>, string, string[]][] = [
  [provideAddProbes, deployment('3', '          po$0rts: [{containerPort: 80}]\n'), ['在端口 80 上添加就绪探针和存活探针']],
  [
    provideExtractEnvironment,
    deployment('3', '          en$0v: [{name: A, value: a}, {name: B, value: b}]\n'),
    ['将 2 个变量移到 ConfigMap 中', '将 2 个变量移到 Secret 中'],
  ],
];

test.each(actions)('code actions', async (provide, fixture, titles) => {
  const { snapshot, file, range } = workspaceOf(fixture, { l10n });
  expect(((await provide(snapshot, file, range)) ?? []).map(({ title }) => title)).toEqual(titles);
});

test('a rename to a name that is taken is refused in Chinese', () => {
  const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
  const { snapshot, file, offset } = workspaceOf(`${map('a$0')}---\n${map('b')}`, { l10n });
  expect(() => provideRename(snapshot, file, offset, 'b')).toThrow('ConfigMap“b”已存在');
});

test('the chain of causes', async () => {
  const waiting = '{waiting: {reason: CrashLoopBackOff, message: back-off 10s}}';
  const fixture = `${service('web', 'Ser$0vice')}#- live\n${service('web').replace('name: web', 'name: web, namespace: default')}---\n${livePod('False', waiting)}`;
  const { snapshot, file, offset } = workspaceOf(fixture, { l10n });
  const lines = ({ title, because }: ExplainStep): string[] => [title, ...because.flatMap(lines)];
  const step = await provideExplanation(snapshot, file, offset);
  expect(step && lines(step)).toEqual([
    'Service/web',
    '选择带有 app=web 的 Pod',
    '1 个 Pod 中有 0 个就绪',
    'Pod/web-1：CrashLoopBackOff',
    '容器 web 正在等待：CrashLoopBackOff',
  ]);
});

describe('rules', () => {
  test('what is ours is in Chinese, with its fixes', () => {
    checkDiagnostics(
      selectorMatchesNothing,
      `${service('wbe')}#                      ^^^ warning: 没有 Pod 带有 app=wbe；Deployment/web 的是 app=web\n---\n${deployment()}`,
      { l10n },
    );
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, configMap: {name: settings}}]}\n';
    const { workspace, found } = diagnosticsOf(missingConfigMap, pod, { l10n });
    const [diagnostic] = [...found.values()].flat();
    expect(diagnostic?.message).toBe('工作区的命名空间“default”中没有 ConfigMap“settings”');
    const fixes = diagnostic && missingConfigMap.fixes?.(workspace.snapshot, workspace.file, diagnostic);
    expect(fixes?.map(({ title }) => title)).toEqual(['添加 ConfigMap“settings”']);
  });

  test("the API server's words stay, a hint of ours behind them does not", () => {
    checkDiagnostics(
      invalidObject,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_b}\n#                ^^^ error: metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain…\n',
      { l10n },
    );
    checkDiagnostics(
      invalidObject,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndatta: {}\n#<^^^^^ error: unknown field "datta"，是否应为 "data"？\n',
      { l10n },
    );
  });

  const apiServers = new Set(['invalid-object', 'duplicate-key']);
  test.each(allRules.filter(({ id }) => !apiServers.has(id)).map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
    const { workspace, found } = diagnosticsOf(rule, rule.example.bad, { l10n });
    const all = [...found].flatMap(([uri, diagnostics]) => diagnostics.map((diagnostic) => ({ uri, diagnostic })));
    expect(all).not.toEqual([]);
    for (const { uri, diagnostic } of all) {
      const file = workspace.snapshot.index.get(uri) ?? workspace.file;
      const titles = (rule.fixes?.(workspace.snapshot, file, diagnostic) ?? []).map(({ title }) => title);
      const related = (diagnostic.related ?? []).map(({ message }) => message);
      for (const text of [diagnostic.message, ...related, ...titles]) expect(text).toMatch(/\p{Script=Han}/u);
    }
  });
});
