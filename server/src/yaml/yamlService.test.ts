import { describe, expect, test } from 'vitest';
import { type TextChange, yamlService } from './yamlService.ts';

const applied = (text: string, changes: readonly TextChange[]): string =>
  changes
    .toReversed()
    .reduce((result, { range, text: inserted }) => result.slice(0, range.start) + inserted + result.slice(range.end), text);

const manifest = `apiVersion: v1
kind: Service   # what it is
metadata:
    name:   web
spec:
    # who answers
    ports: [ {port: 80} ]
`;

describe('the YAML language service', () => {
  test('formats, and keeps comments', async () => {
    const service = await yamlService();
    const formatted = applied(manifest, await service.format(manifest));
    expect(formatted).toContain(
      'kind: Service # what it is\nmetadata:\n  name: web\nspec:\n  # who answers\n  ports: [{port: 80}]\n',
    );
  });

  test('folds and grows selections', async () => {
    const service = await yamlService();
    expect(service.folding(manifest).map(({ start, end }) => manifest.slice(start, end).split('\n')[0])).toEqual([
      'metadata:',
      'spec:',
    ]);
    const [ranges = []] = service.selectionRanges(manifest, [manifest.indexOf('web')]);
    expect(ranges.length).toBeGreaterThan(1);
    for (const [i, { start, end }] of ranges.entries()) {
      const inner = ranges[i - 1];
      if (inner) expect(start <= inner.start && end >= inner.end).toBe(true);
    }
  });

  test('completes by the schema that it is handed, and by no other', async () => {
    const service = await yamlService();
    const schema = { type: 'object' as const, properties: { replicas: { type: 'integer' as const, description: 'How many.' } } };
    const items = await service.complete('rep', 3, 'v1/Thing', schema);
    expect(items).toMatchObject([{ label: 'replicas', documentation: 'How many.' }]);
    expect(await service.complete('rep', 3, 'v1/Other', { type: 'object' })).toEqual([]);
  });
});
