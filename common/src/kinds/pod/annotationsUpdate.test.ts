import { expect, test } from 'vitest';
import { fieldErrorBody } from '#common/api/fieldError.ts';
import { validateAnnotationsUpdate } from './annotationsUpdate.ts';

const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const mirror = 'kubernetes.io/config.mirror';

test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
  ['other annotations may change', { a: 'x' }, { b: 'y' }, []],
  ['what stays is fine', { [`${appArmor}c`]: 'unconfined', [mirror]: 'x' }, { [`${appArmor}c`]: 'unconfined', [mirror]: 'x', a: 'b' }, []],
  ['profiles stay', { [`${appArmor}c`]: 'unconfined' }, {}, [`${appArmor}c: Forbidden: may not remove or update AppArmor annotations`]],
  ['profiles do not change', { [`${appArmor}c`]: 'unconfined' }, { [`${appArmor}c`]: 'runtime/default' }, [`${appArmor}c: Forbidden: may not remove or update AppArmor annotations`]],
  ['no profiles come, and those that do are looked at', {}, { [`${appArmor}z`]: '' }, [`${appArmor}z: Forbidden: may not add AppArmor annotations`, `${appArmor}z: Invalid value: "z": container not found`]],
  ['a mirror pod stays one', { [mirror]: 'x' }, {}, [`${mirror}: Forbidden: may not remove or update mirror pod annotation`]],
  ['all that went is told before what came', { [mirror]: 'x' }, { [`${appArmor}c`]: '' }, [`${mirror}: Forbidden: may not remove or update mirror pod annotation`, `${appArmor}c: Forbidden: may not add AppArmor annotations`]],
  ['no pod becomes one', {}, { [mirror]: 'x' }, [`${mirror}: Forbidden: may not add mirror pod annotation`]],
])('%s', (_, before, now, texts) => {
  const spec = { containers: [{ name: 'c' }], nodeName: 'n' };
  const errors = validateAnnotationsUpdate({ metadata: { annotations: now }, spec }, { metadata: { annotations: before }, spec });
  expect(errors.map((error) => `${error.path.steps().at(-1)}: ${fieldErrorBody(error)}`)).toEqual(texts);
}); // prettier-ignore
