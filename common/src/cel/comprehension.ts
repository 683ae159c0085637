/** The macros that go over a list or a map. */
import type { ComprehensionNode } from './ast.ts';
import { type Frame, isTrue, recoverable, type Step } from './frame.ts';
import { CelError, CelMap, type CelValue, equalValues, fieldsOf, isList, typeName, valueText } from './values.ts';

interface Steps {
  readonly range: Step;
  readonly condition: Step | undefined;
  readonly result: Step;
}

/** Looks at one element, with the macro's variables set; true ends the search. */
type Look = (frame: Frame, key: CelValue, value: CelValue) => boolean;

export function comprehensionStep({ macro, variables }: ComprehensionNode, { range, condition, result }: Steps): Step {
  const [first = '', second] = variables;
  const finish = finishers[macro];
  return (frame) => {
    const over = range(frame);
    const goOver = (look: Look): void => {
      const at = (key: CelValue, value: CelValue): boolean => {
        frame.budget.spend(1);
        const inner = second === undefined ? frame.with(first, value) : frame.with(first, key).with(second, value);
        return (!condition || isTrue(condition(inner))) && look(inner, key, value);
      };
      if (isList(over)) for (let i = 0; i < over.length && !at(second === undefined ? null : BigInt(i), over[i] ?? null);) i++;
      else for (const [key, value] of entriesOf(over)) if (at(key, second === undefined ? key : value)) return;
    };
    return finish(goOver, result);
  };
}

type Finish = (goOver: (look: Look) => void, result: Step) => CelValue;

/** True once one is as wanted, whatever errors others have; an error where that leaves it open. */
const search =
  (wanted: boolean): Finish =>
  (goOver, result) => {
    let error: CelError | undefined;
    let found = false;
    goOver((frame) => {
      try {
        found = isTrue(result(frame)) === wanted;
      } catch (caught) {
        error = recoverable(caught);
      }
      return found;
    });
    if (found) return wanted;
    if (error) throw error;
    return !wanted;
  };

const listed: Finish = (goOver, result) => {
  const list: CelValue[] = [];
  goOver((frame) => {
    list.push(result(frame));
    return false;
  });
  return list;
};

const finishers: Readonly<Record<ComprehensionNode['macro'], Finish>> = {
  all: search(false),
  exists: search(true),
  exists_one(goOver, result) {
    let count = 0;
    goOver((frame) => {
      if (isTrue(result(frame))) count++;
      return false;
    });
    return count === 1;
  },
  map: listed,
  transformList: listed,
  filter(goOver, result) {
    const list: CelValue[] = [];
    goOver((frame, _, value) => {
      if (isTrue(result(frame))) list.push(value);
      return false;
    });
    return list;
  },
  transformMap(goOver, result) {
    const entries: [CelValue, CelValue][] = [];
    goOver((frame, key) => {
      entries.push([key, result(frame)]);
      return false;
    });
    return new CelMap(entries);
  },
  transformMapEntry(goOver, result) {
    const entries: (readonly [CelValue, CelValue])[] = [];
    goOver((frame) => {
      entries.push(...(fieldsOf(result(frame))?.entries() ?? []));
      return false;
    });
    const map = new CelMap(entries);
    if (map.size === entries.length) return map;
    const again = entries.find(([key], i) => entries.findIndex(([other]) => equalValues(other, key)) < i);
    throw new CelError(`insert failed: key ${valueText(again?.[0] ?? null)} already exists`);
  },
};

function entriesOf(range: CelValue): Iterable<readonly [CelValue, CelValue]> {
  const map = fieldsOf(range);
  if (!map) throw new CelError(`got 'types.${goName(range)}', expected iterable type`);
  return map.entries();
}

/** `Int`, `String`, `Duration` */
function goName(value: CelValue): string {
  const name = typeName(value)
    .replace(/_type$/, '')
    .replace(/^.*\./, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}
