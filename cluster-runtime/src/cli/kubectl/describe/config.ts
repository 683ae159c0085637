import type { ConfigMap, Secret, ServiceAccount } from '#common/schema/generated/types.ts';
import { eventLines, headLines, sortedKeys } from './common.ts';
import { type Describer, listOf, oneOf, Page } from './describer.ts';

const bytesOf = (base64: string): number => Buffer.from(base64, 'base64').length;

export const describeConfigMap: Describer = async (ctx, object) => {
  const { data, binaryData } = object as unknown as ConfigMap;
  const page = new Page();
  headLines(page, object);
  page.lines(0, ['', 'Data', '====']);
  for (const key of sortedKeys(data)) page.raw(`${key}:\n----\n${data?.[key] ?? ''}\n\n`);
  page.lines(0, ['', 'BinaryData', '====']);
  for (const key of sortedKeys(binaryData)) page.line(0, `${key}: ${bytesOf(binaryData?.[key] ?? '')} bytes`);
  page.line(0, '');
  await eventLines(ctx, page, object);
  return page.toString();
};

export const describeSecret: Describer = (_, object) => {
  const { type, data } = object as unknown as Secret;
  const page = new Page();
  headLines(page, object);
  page.lines(0, ['', `Type:\t${type ?? ''}`, '', 'Data', '====']);
  for (const key of sortedKeys(data)) {
    const value = data?.[key] ?? '';
    const shown =
      key === 'token' && type === 'kubernetes.io/service-account-token'
        ? Buffer.from(value, 'base64').toString()
        : `${bytesOf(value)} bytes`;
    page.line(0, `${key}:\t${shown}`);
  }
  return Promise.resolve(page.toString());
};

export const describeServiceAccount: Describer = async (ctx, object) => {
  const { metadata, secrets, imagePullSecrets } = object as unknown as ServiceAccount;
  const page = new Page();
  headLines(page, object);
  const tokens = (await listOf<Secret>(ctx, 'v1', 'secrets', metadata.namespace))
    .filter(
      ({ type, metadata: of }) =>
        type === 'kubernetes.io/service-account-token' &&
        of.annotations?.['kubernetes.io/service-account.name'] === metadata.name,
    )
    .map(({ metadata: of }) => of.name ?? '');
  const section = async (title: string, names: readonly string[]): Promise<void> => {
    if (names.length === 0) page.line(0, `${title}:\t<none>`);
    for (const [i, name] of names.entries()) {
      const missing = !(await oneOf(ctx, 'v1', 'secrets', metadata.namespace, name));
      page.line(0, `${i === 0 ? `${title}:` : ''}\t${name}${missing ? ' (not found)' : ''}`);
    }
  };
  await section(
    'Image pull secrets',
    (imagePullSecrets ?? []).map(({ name = '' }) => name),
  );
  await section(
    'Mountable secrets',
    (secrets ?? []).map(({ name = '' }) => name),
  );
  await section('Tokens', tokens);
  await eventLines(ctx, page, object);
  return page.toString();
};
