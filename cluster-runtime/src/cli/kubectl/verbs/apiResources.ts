import { bool, text } from '../flags.ts';
import { TabWriter, tableLayout } from '../output/tabWriter.ts';
import { resourceText } from '../resourceMap.ts';
import type { Verb } from './verb.ts';

export const apiResources: Verb = {
  summary: 'Print the supported API resources on the server.',
  usage: '[options]',
  flags: {
    'api-group': text,
    namespaced: bool,
    'no-headers': bool,
    output: { kind: 'string', short: 'o' },
    verbs: { kind: 'commaList' },
    categories: { kind: 'commaList' },
    cached: bool,
    'sort-by': text,
  },
  async run(session) {
    const { flags, io } = session;
    const [group, output] = [flags.text('api-group'), flags.text('output')];
    const shown = (await (await session.resources()).preferred())
      .filter(
        (resource) =>
          (group === undefined || resource.group === group) &&
          (!flags.has('namespaced') || resource.namespaced === flags.bool('namespaced')) &&
          flags.list('verbs').every((verb) => resource.verbs.includes(verb)) &&
          flags.list('categories').every((category) => resource.categories.includes(category)) &&
          resource.verbs.length > 0,
      )
      .sort((a, b) => (a.group === b.group ? (a.plural < b.plural ? -1 : 1) : a.group < b.group ? -1 : 1));
    if (output === 'name') return io.out(shown.map((resource) => `${resourceText(resource)}\n`).join(''));
    const wide = output === 'wide';
    const writer = new TabWriter(tableLayout);
    if (!flags.bool('no-headers'))
      writer.write(`NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND${wide ? '\tVERBS\tCATEGORIES' : ''}\n`);
    for (const { plural, shortNames, apiVersion, namespaced, kind, verbs, categories } of shown) {
      const more = wide ? [verbs.join(','), categories.join(',')] : [];
      writer.write(`${[plural, shortNames.join(','), apiVersion, String(namespaced), kind, ...more].join('\t')}\n`);
    }
    io.out(writer.flush());
  },
};
