/** The objects behind the recorded mutations: one field of a valid object changed at a time, as the recording did it. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Kind of base → where it is served, and the object. */
export type Bases = Readonly<Record<string, readonly [string, Json]>>;

const long = 'a'.repeat(300);
const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function* variants(value: Json, key: string): Generator<[name: string, value: Json | undefined]> {
  yield ['delete', undefined];
  yield ['null', null];
  if (typeof value === 'string') {
    yield* [
      ['number', 12],
      ['empty', ''],
      ['bogus', 'Bogus_Value!'],
      ['upper', `${value.toUpperCase()}X`],
    ] as [string, Json][];
    if (/name|path|key|cidr|ip|label|selector|host/i.test(key)) yield ['long', long];
    yield ['object', {}];
  }
  if (typeof value === 'number') {
    yield* [
      ['string', 'x'],
      ['negative', -1],
      ['zero', 0],
      ['huge', 2147483647],
      ['float', 1.5],
    ] as [string, Json][];
  }
  if (typeof value === 'boolean') yield* [['flip', !value] as [string, Json], ['string', 'yes'] as [string, Json]];
  if (Array.isArray(value)) {
    yield ['empty', []];
    if (value[0] !== undefined) yield ['double', [...value, value[0]]];
    yield ['string', 'x'];
    if (value.some((item) => typeof item === 'object' && item !== null)) yield ['holdsNull', [null]];
  } else if (isObject(value)) {
    yield ['empty', {}];
    yield ['unknownField', { ...value, bogusField: 1 }];
    yield ['list', []];
  }
}

function* mutations(object: Json, at: readonly (string | number)[] = []): Generator<[id: string, object: Json]> {
  const here = at.reduce<Json>((value, key) => (value as Record<string | number, Json>)[key] as Json, object);
  if (typeof here !== 'object' || here === null) return;
  for (const key of Object.keys(here)) {
    const step = Array.isArray(here) ? Number(key) : key;
    const path = [...at, step];
    for (const [name, value] of variants((here as Record<string, Json>)[key] as Json, key)) {
      const copy = structuredClone(object);
      const parent = at.reduce<Json>((each, inner) => (each as Record<string | number, Json>)[inner] as Json, copy) as Record<
        string | number,
        Json
      >;
      if (value !== undefined) parent[step] = value;
      else if (Array.isArray(parent)) continue;
      else delete parent[step];
      yield [`${path.join('.')} ${name}`, copy];
    }
    yield* mutations(object, path);
  }
}

/** Every mutation with the id under which its answer is recorded. */
export function* allMutations(bases: Bases): Generator<{ id: string; base: string; object: Json }> {
  for (const [base, [, raw]] of Object.entries(bases)) {
    // As the recording sent it: without what JSON leaves out.
    const object = JSON.parse(JSON.stringify(raw)) as Json;
    yield { id: `${base} valid`, base, object };
    for (const [id, changed] of mutations(object)) yield { id: `${base} ${id}`, base, object: changed };
  }
}
