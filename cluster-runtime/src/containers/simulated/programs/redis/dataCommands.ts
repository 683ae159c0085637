/** Redis' commands on data. `writes` ones are refused by replicas and sent on to them. */
import { matchesPattern } from '../../shell/pattern.ts';
import type { Keyspace } from './keyspace.ts';
import { failure, ok, type Reply } from './resp.ts';

export interface DataCommand {
  /** As Redis counts: with the command's own name; negative is a minimum. */
  readonly arity: number;
  readonly writes: boolean;
  run(data: Keyspace, args: readonly string[], now: number): Reply;
}

const notInteger = failure('ERR value is not an integer or out of range');
const syntaxError = failure('ERR syntax error');

function read(arity: number, run: DataCommand['run']): DataCommand {
  return { arity, writes: false, run };
}

function write(arity: number, run: DataCommand['run']): DataCommand {
  return { arity, writes: true, run };
}

function increment(data: Keyspace, key: string, by: number): Reply {
  const current = data.typed(key, 'string')?.value ?? '0';
  if (!/^-?\d+$/.test(current) || !Number.isInteger(by)) return notInteger;
  const next = Number(current) + by;
  const expiry = data.expiry(key);
  data.set(key, { type: 'string', value: String(next) }, expiry);
  return next;
}

function setString(data: Keyspace, [key = '', value = '', ...options]: readonly string[], now: number): Reply {
  let expiresAt: number | undefined;
  const exists = data.get(key) !== undefined;
  for (let at = 0; at < options.length; at++) {
    const option = (options[at] as string).toUpperCase();
    if (option === 'EX') expiresAt = now + Number(options[++at]) * 1000;
    else if (option === 'PX') expiresAt = now + Number(options[++at]);
    else if (option === 'EXAT') expiresAt = Number(options[++at]) * 1000;
    else if (option === 'PXAT') expiresAt = Number(options[++at]);
    else if (option === 'KEEPTTL') expiresAt = data.expiry(key);
    else if (option === 'NX') {
      if (exists) return null;
    } else if (option === 'XX') {
      if (!exists) return null;
    } else return syntaxError;
    if (expiresAt !== undefined && Number.isNaN(expiresAt)) return notInteger;
  }
  data.set(key, { type: 'string', value }, expiresAt);
  return ok;
}

/** Redis' ranges: negative numbers count from the end, both ends belong. */
function slice<T>(items: readonly T[], from: string | undefined, to: string | undefined): readonly T[] {
  const place = (text: string | undefined): number => (Number(text) < 0 ? items.length + Number(text) : Number(text));
  return items.slice(Math.max(0, place(from)), place(to) + 1);
}

function push(data: Keyspace, key: string, values: readonly string[], end: 'left' | 'right'): Reply {
  const { items } = data.ensure(key, 'list');
  for (const value of values) {
    if (end === 'left') items.unshift(value);
    else items.push(value);
  }
  data.changes++;
  return items.length;
}

function pop(data: Keyspace, key: string, end: 'left' | 'right', count: string | undefined): Reply {
  const list = data.typed(key, 'list');
  if (!list) return null;
  const taken = Array.from(
    { length: Math.min(Number(count ?? 1), list.items.length) },
    () => (end === 'left' ? list.items.shift() : list.items.pop()) ?? '',
  );
  data.dropIfEmpty(key);
  data.changes++;
  return count === undefined ? (taken[0] ?? null) : taken;
}

function timeLeft(data: Keyspace, key: string, now: number): number {
  if (data.get(key) === undefined) return -2;
  const expiry = data.expiry(key);
  return expiry === undefined ? -1 : expiry - now;
}

function ranked(data: Keyspace, key: string): [string, number][] {
  return [...(data.typed(key, 'zset')?.scores ?? [])].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
}

function members(data: Keyspace, key: string): Set<string> {
  return data.typed(key, 'set')?.items ?? new Set();
}

export const dataCommands: ReadonlyMap<string, DataCommand> = new Map<string, DataCommand>([
  ['GET', read(2, (data, [key = '']) => data.typed(key, 'string')?.value ?? null)],
  ['SET', write(-3, setString)],
  ['SETEX', write(4, (data, [key = '', seconds = '', value = ''], now) => setString(data, [key, value, 'EX', seconds], now))],
  ['SETNX', write(3, (data, [key = '', value = ''], now) => (setString(data, [key, value, 'NX'], now) === null ? 0 : 1))],
  [
    'GETSET',
    write(3, (data, [key = '', value = '']) => {
      const before = data.typed(key, 'string')?.value ?? null;
      data.set(key, { type: 'string', value });
      return before;
    }),
  ],
  [
    'MGET',
    read(-2, (data, keys) =>
      keys.map((key) => {
        const value = data.get(key);
        return value?.type === 'string' ? value.value : null;
      }),
    ),
  ],
  [
    'MSET',
    write(-3, (data, args) => {
      for (let at = 0; at + 1 < args.length; at += 2)
        data.set(args[at] as string, { type: 'string', value: args[at + 1] as string });
      return ok;
    }),
  ],
  [
    'APPEND',
    write(3, (data, [key = '', text = '']) => {
      const value = (data.typed(key, 'string')?.value ?? '') + text;
      data.set(key, { type: 'string', value }, data.expiry(key));
      return Buffer.byteLength(value);
    }),
  ],
  ['STRLEN', read(2, (data, [key = '']) => Buffer.byteLength(data.typed(key, 'string')?.value ?? ''))],
  ['INCR', write(2, (data, [key = '']) => increment(data, key, 1))],
  ['DECR', write(2, (data, [key = '']) => increment(data, key, -1))],
  ['INCRBY', write(3, (data, [key = '', by]) => increment(data, key, Number(by)))],
  ['DECRBY', write(3, (data, [key = '', by]) => increment(data, key, -Number(by)))],
  ['DEL', write(-2, (data, keys) => keys.filter((key) => data.delete(key)).length)],
  ['UNLINK', write(-2, (data, keys) => keys.filter((key) => data.delete(key)).length)],
  ['EXISTS', read(-2, (data, keys) => keys.filter((key) => data.get(key) !== undefined).length)],
  ['TYPE', read(2, (data, [key = '']) => ({ status: data.get(key)?.type ?? 'none' }))],
  ['KEYS', read(2, (data, [pattern = '*']) => data.keys().filter((key) => matchesPattern(key, pattern)))],
  [
    'SCAN',
    read(-2, (data, args) => {
      const at = args.findIndex((arg) => arg.toUpperCase() === 'MATCH');
      return ['0', data.keys().filter((key) => at < 0 || matchesPattern(key, args[at + 1] ?? '*'))];
    }),
  ],
  [
    'RENAME',
    write(3, (data, [from = '', to = '']) => {
      const value = data.get(from);
      if (!value) return failure('ERR no such key');
      data.set(to, value, data.expiry(from));
      if (from !== to) data.delete(from);
      return ok;
    }),
  ],
  ['EXPIRE', write(-3, (data, [key = '', seconds], now) => (data.setExpiry(key, now + Number(seconds) * 1000) ? 1 : 0))],
  ['PEXPIRE', write(-3, (data, [key = '', ms], now) => (data.setExpiry(key, now + Number(ms)) ? 1 : 0))],
  ['EXPIREAT', write(-3, (data, [key = '', at]) => (data.setExpiry(key, Number(at) * 1000) ? 1 : 0))],
  ['PEXPIREAT', write(-3, (data, [key = '', at]) => (data.setExpiry(key, Number(at)) ? 1 : 0))],
  ['PERSIST', write(2, (data, [key = '']) => (data.expiry(key) !== undefined && data.setExpiry(key, undefined) ? 1 : 0))],
  [
    'TTL',
    read(2, (data, [key = ''], now) => {
      const left = timeLeft(data, key, now);
      return left < 0 ? left : Math.round(left / 1000);
    }),
  ],
  ['PTTL', read(2, (data, [key = ''], now) => timeLeft(data, key, now))],
  ['LPUSH', write(-3, (data, [key = '', ...values]) => push(data, key, values, 'left'))],
  ['RPUSH', write(-3, (data, [key = '', ...values]) => push(data, key, values, 'right'))],
  ['LPOP', write(-2, (data, [key = '', count]) => pop(data, key, 'left', count))],
  ['RPOP', write(-2, (data, [key = '', count]) => pop(data, key, 'right', count))],
  ['LLEN', read(2, (data, [key = '']) => data.typed(key, 'list')?.items.length ?? 0)],
  ['LRANGE', read(4, (data, [key = '', from, to]) => slice(data.typed(key, 'list')?.items ?? [], from, to))],
  ['LINDEX', read(3, (data, [key = '', index]) => data.typed(key, 'list')?.items.at(Number(index)) ?? null)],
  [
    'LTRIM',
    write(4, (data, [key = '', from, to]) => {
      const list = data.typed(key, 'list');
      if (list) list.items.splice(0, list.items.length, ...slice(list.items, from, to));
      data.dropIfEmpty(key);
      return ok;
    }),
  ],
  [
    'LREM',
    write(4, (data, [key = '', , value = '']) => {
      const list = data.typed(key, 'list');
      if (!list) return 0;
      const kept = list.items.filter((item) => item !== value);
      const removed = list.items.length - kept.length;
      list.items.splice(0, list.items.length, ...kept);
      data.dropIfEmpty(key);
      return removed;
    }),
  ],
  [
    'SADD',
    write(-3, (data, [key = '', ...values]) => {
      const { items } = data.ensure(key, 'set');
      const before = items.size;
      for (const value of values) items.add(value);
      data.changes++;
      return items.size - before;
    }),
  ],
  [
    'SREM',
    write(-3, (data, [key = '', ...values]) => {
      const items = members(data, key);
      const removed = values.filter((value) => items.delete(value)).length;
      data.dropIfEmpty(key);
      data.changes++;
      return removed;
    }),
  ],
  ['SMEMBERS', read(2, (data, [key = '']) => [...members(data, key)])],
  ['SISMEMBER', read(3, (data, [key = '', value = '']) => (members(data, key).has(value) ? 1 : 0))],
  ['SCARD', read(2, (data, [key = '']) => members(data, key).size)],
  [
    'HSET',
    write(-4, (data, [key = '', ...pairs]) => {
      if (pairs.length % 2 !== 0) return failure("ERR wrong number of arguments for 'hset' command");
      const { fields } = data.ensure(key, 'hash');
      const before = fields.size;
      for (let at = 0; at < pairs.length; at += 2) fields.set(pairs[at] as string, pairs[at + 1] as string);
      data.changes++;
      return fields.size - before;
    }),
  ],
  [
    'HMSET',
    write(-4, (data, [key = '', ...pairs]) => {
      const { fields } = data.ensure(key, 'hash');
      for (let at = 0; at + 1 < pairs.length; at += 2) fields.set(pairs[at] as string, pairs[at + 1] as string);
      data.changes++;
      return ok;
    }),
  ],
  ['HGET', read(3, (data, [key = '', field = '']) => data.typed(key, 'hash')?.fields.get(field) ?? null)],
  ['HMGET', read(-3, (data, [key = '', ...fields]) => fields.map((field) => data.typed(key, 'hash')?.fields.get(field) ?? null))],
  ['HGETALL', read(2, (data, [key = '']) => [...(data.typed(key, 'hash')?.fields ?? [])].flat())],
  ['HKEYS', read(2, (data, [key = '']) => [...(data.typed(key, 'hash')?.fields.keys() ?? [])])],
  ['HVALS', read(2, (data, [key = '']) => [...(data.typed(key, 'hash')?.fields.values() ?? [])])],
  ['HLEN', read(2, (data, [key = '']) => data.typed(key, 'hash')?.fields.size ?? 0)],
  ['HEXISTS', read(3, (data, [key = '', field = '']) => (data.typed(key, 'hash')?.fields.has(field) ? 1 : 0))],
  [
    'HDEL',
    write(-3, (data, [key = '', ...fields]) => {
      const hash = data.typed(key, 'hash');
      const removed = hash ? fields.filter((field) => hash.fields.delete(field)).length : 0;
      data.dropIfEmpty(key);
      data.changes++;
      return removed;
    }),
  ],
  [
    'HINCRBY',
    write(4, (data, [key = '', field = '', by]) => {
      const { fields } = data.ensure(key, 'hash');
      const next = Number(fields.get(field) ?? 0) + Number(by);
      if (!Number.isInteger(next)) return failure('ERR hash value is not an integer');
      fields.set(field, String(next));
      data.changes++;
      return next;
    }),
  ],
  [
    'ZADD',
    write(-4, (data, [key = '', ...pairs]) => {
      const { scores } = data.ensure(key, 'zset');
      const before = scores.size;
      for (let at = 0; at + 1 < pairs.length; at += 2) scores.set(pairs[at + 1] as string, Number(pairs[at]));
      data.changes++;
      return scores.size - before;
    }),
  ],
  [
    'ZSCORE',
    read(3, (data, [key = '', member = '']) => {
      const score = data.typed(key, 'zset')?.scores.get(member);
      return score === undefined ? null : String(score);
    }),
  ],
  ['ZCARD', read(2, (data, [key = '']) => data.typed(key, 'zset')?.scores.size ?? 0)],
  [
    'ZREM',
    write(-3, (data, [key = '', ...names]) => {
      const sorted = data.typed(key, 'zset');
      const removed = sorted ? names.filter((name) => sorted.scores.delete(name)).length : 0;
      data.dropIfEmpty(key);
      data.changes++;
      return removed;
    }),
  ],
  [
    'ZINCRBY',
    write(4, (data, [key = '', by, member = '']) => {
      const { scores } = data.ensure(key, 'zset');
      const next = (scores.get(member) ?? 0) + Number(by);
      scores.set(member, next);
      data.changes++;
      return String(next);
    }),
  ],
  [
    'ZRANGE',
    read(-4, (data, [key = '', from, to, ...options]) => {
      const wanted = options.map((option) => option.toUpperCase());
      const all = ranked(data, key);
      const found = slice(wanted.includes('REV') ? all.reverse() : all, from, to);
      return found.flatMap(([member, score]) => (wanted.includes('WITHSCORES') ? [member, String(score)] : [member]));
    }),
  ],
  [
    'ZREVRANGE',
    read(-4, (data, [key = '', from, to, option]) =>
      slice(ranked(data, key).reverse(), from, to).flatMap(([member, score]) =>
        option?.toUpperCase() === 'WITHSCORES' ? [member, String(score)] : [member],
      ),
    ),
  ],
  ['DBSIZE', read(1, (data) => data.keys().length)],
  [
    'FLUSHALL',
    write(-1, (data) => {
      data.clear();
      return ok;
    }),
  ],
  [
    'FLUSHDB',
    write(-1, (data) => {
      data.clear();
      return ok;
    }),
  ],
]);
