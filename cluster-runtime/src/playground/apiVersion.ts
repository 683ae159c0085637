/** What objects of the playground's own group say of themselves. */
import { playgroundGroup, playgroundVersion } from '#common/kinds/playgroundGroup.ts';

export const playgroundApiVersion = `${playgroundGroup}/${playgroundVersion}`;
