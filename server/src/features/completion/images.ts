/** Images that have a behaviour in the playground: first their names, after the colon their tags. */
import { catalogueImages } from '../../facts/imageCatalogue.ts';
import type { AtOffset, Completion } from '../feature.ts';
import { limited, valueItem } from './items.ts';
import { placeAt } from './place.ts';

export const provideImageCompletion: AtOffset<readonly Completion[]> = (snapshot, file, offset) => {
  const place = placeAt(snapshot, file, offset);
  if (place?.position !== 'value' || place.path.at(-1) !== 'image') return undefined;
  if (!/^(?:containers|initContainers|ephemeralContainers)$/.test(String(place.path.at(-3)))) return undefined;
  const images = snapshot.facts.images.length > 0 ? snapshot.facts.images : catalogueImages;
  const { l10n } = snapshot;
  const colon = place.typed.lastIndexOf(':');
  if (colon > place.typed.lastIndexOf('/')) {
    const name = place.typed.slice(0, colon);
    const image = snapshot.facts.image(name) ?? images.find((each) => each.name === name);
    return (image?.tags ?? []).map((tag, i) =>
      valueItem(place, `${name}:${tag}`, 'value', {
        ...(image?.description ? { detail: l10n.told(image.description) } : {}),
        sort: `0${String(i).padStart(3, '0')}`,
      }),
    );
  }
  const items = images.flatMap(({ name, description, tags = [], ports = [] }) => {
    const detail = description ? { detail: l10n.told(description) } : {};
    const markdown = ports.length > 0 ? { markdown: l10n.t('Listens on {0}', l10n.list(ports)) } : {};
    const [newest] = tags.filter((tag) => tag !== 'latest');
    const plain = valueItem(place, name, 'value', { ...detail, ...markdown, sort: `0${name}` });
    // Naming the version is what one is glad of later.
    const tagged =
      newest === undefined ? [] : [valueItem(place, `${name}:${newest}`, 'value', { ...detail, ...markdown, sort: `0${name}:` })];
    return [plain, ...tagged];
  });
  return limited(items, place.typed, ({ label }) => label);
};
