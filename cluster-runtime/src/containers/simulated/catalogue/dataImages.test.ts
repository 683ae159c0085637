import { describe, expect, test } from 'vitest';
import { logText, settle, TestBed, volume } from '../testing/testBed.ts';

const sleeper = { command: ['tail', '-f', '/dev/null'] };

describe('redis', () => {
  test.each<[string, string]>([
    ['ping', 'PONG'],
    ['set a 1', 'OK'],
    ['incr a', '2'],
    ['get a', '2'],
    ['--no-raw get a', '"2"'],
    ['--no-raw get none', '(nil)'],
    ['--no-raw incr a', '(integer) 3'],
    ['rpush l x y z', '3'],
    ['--no-raw lrange l 0 -2', '1) "x"\n2) "y"'],
    ['lpush l w', '4'],
    ['get l', 'WRONGTYPE Operation against a key holding the wrong kind of value'],
    ['hset h f v', '1'],
    ['hgetall h', 'f\nv'],
    ['sadd s 1 1 2', '2'],
    ['zadd z 2 b 1 a', '2'],
    ['zrange z 0 -1 WITHSCORES', 'a\n1\nb\n2'],
    ['keys ?', 'a\nl\nh\ns\nz'],
    ['type l', 'list'],
    ['del a l', '2'],
    ['exists a', '0'],
    ['setex t 10 v', 'OK'],
    ['ttl t', '10'],
    ['incr h', 'WRONGTYPE Operation against a key holding the wrong kind of value'],
    ['get', "ERR wrong number of arguments for 'get' command"],
    ['nope x', "ERR unknown command 'NOPE', with args beginning with: 'x' "],
    ['config get maxmemory', 'maxmemory\n0'],
    ['set __proto__ x', 'OK'],
    ['get __proto__', 'x'],
  ])('%s', async (command, answer) => {
    expect((await bed.sh(await server, `redis-cli ${command}`)).stdout).toBe(`${answer}\n`);
  });
  const bed = new TestBed();
  const server = bed.start('redis:7');

  test('keys expire by the clock', async () => {
    const own = new TestBed();
    const redis = await own.start('redis');
    await own.sh(redis, 'redis-cli set k v EX 5');
    await own.advance(4999);
    expect((await own.sh(redis, 'redis-cli get k')).stdout).toBe('v\n');
    await own.advance(1);
    expect((await own.sh(redis, 'redis-cli exists k')).stdout).toBe('0\n');
  });

  test('wants its password', async () => {
    const own = new TestBed();
    const redis = await own.start('redis', { args: ['--requirepass', 'secret'] });
    expect((await own.sh(redis, 'redis-cli ping; redis-cli -a wrong ping; redis-cli -a secret ping')).stdout).toBe(
      'NOAUTH Authentication required.\nNOAUTH Authentication required.\nPONG\n',
    );
  });

  test('reads its configuration file', async () => {
    const own = new TestBed();
    const config = volume({ 'redis.conf': 'maxmemory 2mb\nmaxmemory-policy allkeys-lru\n' });
    const redis = await own.start('redis', {
      command: ['redis-server', '/redis-master/redis.conf'],
      mounts: [{ path: '/redis-master', readOnly: true, volume: config }],
    });
    expect((await own.sh(redis, 'redis-cli config get maxmemory; redis-cli config get maxmemory-policy')).stdout).toBe(
      'maxmemory\n2097152\nmaxmemory-policy\nallkeys-lru\n',
    );
    const broken = await own.start('redis', { command: ['redis-server', '/nope.conf'] });
    expect(await broken.exited).toMatchObject({ exitCode: 1 });
  });

  test('followers follow, survive their leader, and refuse writes', async () => {
    const own = new TestBed();
    const leader = await own.start('redis', { name: 'redis-leader' });
    await own.sh(
      leader,
      'redis-cli set before 1; redis-cli rpush list a b; redis-cli hset h f v; redis-cli zadd z 1.5 m; redis-cli set ttl x EX 100',
    );
    const follower = await own.start('us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower:v2');
    await own.sh(leader, 'redis-cli set after 2');
    await settle();
    const read =
      'redis-cli get before; redis-cli get after; redis-cli lrange list 0 -1; redis-cli hget h f; redis-cli zscore z m; redis-cli ttl ttl';
    expect((await own.sh(follower, read)).stdout).toBe('1\n2\na\nb\nv\n1.5\n100\n');
    expect((await own.sh(follower, 'redis-cli set x 1')).stdout).toBe("READONLY You can't write against a read only replica.\n");
    expect((await own.sh(follower, 'redis-cli info replication')).stdout).toContain(
      'role:slave\r\nmaster_host:redis-leader\r\nmaster_port:6379\r\nmaster_link_status:up',
    );
    expect((await own.sh(leader, 'redis-cli info replication')).stdout).toContain('connected_slaves:1\r\nslave0:ip=10.244.0.2');

    await leader.stop(30);
    await settle();
    expect((await own.sh(follower, 'redis-cli info replication; redis-cli get after')).stdout).toMatch(
      /master_link_status:down[^]*\n2\n$/,
    );
    const next = await own.start('redis', { name: 'redis-leader' });
    await own.sh(next, 'redis-cli set after 3');
    await own.advance(2000);
    expect((await own.sh(follower, 'redis-cli get after; redis-cli replicaof no one; redis-cli set x 1')).stdout).toBe(
      '3\nOK\nOK\n',
    );
    expect(own.records).toEqual([]);
  });

  test('keeps its data on a volume', async () => {
    const own = new TestBed();
    const mounts = [{ path: '/data', readOnly: false, volume: volume({}) }];
    const redis = await own.start('redis', { mounts });
    await own.sh(redis, 'redis-cli set kept yes');
    await redis.stop(30);
    expect((await own.sh(await own.start('redis', { mounts }), 'redis-cli get kept')).stdout).toBe('yes\n');
  });
});

describe('guestbook', () => {
  test.each([
    ['v5', 'redis-leader', 'redis-follower'],
    ['v4', 'redis-master', 'redis-slave'],
  ])('%s writes to %s and reads from %s', async (tag, leader, follower) => {
    const bed = new TestBed();
    const redis = await bed.start('redis', { name: leader });
    await bed.start('redis', { name: follower, args: ['--replicaof', leader, '6379'] });
    await bed.start(`gcr.io/google-samples/gb-frontend:${tag}`, { name: 'frontend' });
    const client = await bed.start('curlimages/curl', sleeper);
    expect((await bed.sh(client, 'curl -s frontend | grep -c "<h2>Guestbook</h2>"')).stdout).toBe('1\n');
    const page = 'frontend/guestbook.php';
    expect(
      (await bed.sh(client, `curl -s "${page}?cmd=set&key=messages&value=,hello"; curl -s "${page}?cmd=get&key=messages"`))
        .stdout,
    ).toBe('{"message":"Updated"}{"data":",hello"}');
    expect((await bed.sh(redis, 'redis-cli get messages')).stdout).toBe(',hello\n');
  });

  test('fails without its leader', async () => {
    const bed = new TestBed();
    const frontend = await bed.start('gcr.io/google-samples/gb-frontend:v5', { name: 'frontend' });
    const client = await bed.start('curlimages/curl', sleeper);
    expect(
      (await bed.sh(client, 'curl -s -o /dev/null -w "%{http_code}" "frontend/guestbook.php?cmd=get&key=messages"')).stdout,
    ).toBe('500');
    expect(logText(frontend)).toContain('getaddrinfo failed: Name or service not known [tcp://redis-follower:6379]');
  });
});

describe('mongo and mongo-express', () => {
  const env = { MONGO_INITDB_ROOT_USERNAME: 'root', MONGO_INITDB_ROOT_PASSWORD: 'p=ss,word' };
  const express = {
    ME_CONFIG_MONGODB_SERVER: 'mongo',
    ME_CONFIG_MONGODB_ADMINUSERNAME: 'root',
    ME_CONFIG_MONGODB_ADMINPASSWORD: 'p=ss,word',
  };

  test('the page lists databases behind its own password', async () => {
    const bed = new TestBed();
    const mongo = await bed.start('mongo', { name: 'mongo', env });
    const page = await bed.start('mongo-express', { name: 'page', env: express });
    await bed.sh(mongo, `mongosh -u root -p p=ss,word shop --eval 'db.orders.insertOne({item: "tea", n: 1})'`);
    const client = await bed.start('curlimages/curl', sleeper);
    expect((await bed.sh(client, 'curl -s page:8081')).stdout).toBe('Unauthorized');
    const home = (await bed.sh(client, 'curl -s -u admin:pass page:8081')).stdout;
    expect(home).toContain('<title>Home - Mongo Express</title>');
    expect([...home.matchAll(/db\/(\w+)\//g)].map((match) => match[1])).toEqual(['admin', 'config', 'local', 'shop']);
    expect((await bed.sh(client, 'curl -s -u admin:pass page:8081/db/shop/')).stdout).toContain('<td>orders</td>');
    expect(logText(page)).toContain('Mongo Express server listening at http://0.0.0.0:8081\n');
  });

  test.each<[string, Record<string, string>, string]>([
    ['a wrong password', { ...express, ME_CONFIG_MONGODB_ADMINPASSWORD: 'wrong' }, 'MongoServerError: Authentication failed.'],
    ['no user', { ME_CONFIG_MONGODB_SERVER: 'mongo' }, 'MongoServerError: Command listDatabases requires authentication'],
    [
      'a url with a wrong user',
      { ME_CONFIG_MONGODB_URL: 'mongodb://nobody:x@mongo:27017/' },
      'MongoServerError: Authentication failed.',
    ],
    ['a missing server', { ...express, ME_CONFIG_MONGODB_SERVER: 'nowhere' }, 'Name does not resolve'],
  ])('%s ends it', async (_, wrong, message) => {
    const bed = new TestBed();
    await bed.start('mongo', { name: 'mongo', env });
    const page = await bed.start('mongo-express', { env: wrong });
    expect(await bed.finish(page.exited)).toMatchObject({ exitCode: 1 });
    expect(logText(page)).toContain('Could not connect to database using connectionString: mongodb://');
    expect(logText(page)).toContain(message);
  });

  test('basic authentication can be switched off, and a url given', async () => {
    const bed = new TestBed();
    await bed.start('mongo', { name: 'mongo', env });
    const page = await bed.start('mongo-express', {
      env: { ME_CONFIG_MONGODB_URL: 'mongodb://root:p%3Dss%2Cword@mongo:27017/', ME_CONFIG_BASICAUTH: 'false' },
    });
    expect((await bed.sh(page, 'wget -qO- localhost:8081 | grep -c Databases')).stdout).toBe('1\n');
  });

  test.each<[string, string, number]>([
    [`mongosh --eval "db.adminCommand('ping')"`, '{ ok: 1 }\n', 0],
    [`mongosh --quiet --eval "db.adminCommand('ping').ok"`, '1\n', 0],
    [`mongosh --eval 'db.runCommand({ ping: 1 }).ok' localhost:27017/test`, '1\n', 0],
    [`mongosh --eval 'show dbs'`, 'admin   40.00 KiB\nconfig  40.00 KiB\nlocal   40.00 KiB\n', 0],
    [`mongosh --eval 'while(1){}'`, '', 1],
    [`mongosh mongodb://nowhere --eval 1`, '', 1],
  ])('%s', async (script, stdout, code) => {
    const bed = new TestBed();
    const mongo = await bed.start('mongo:6');
    const result = await bed.sh(mongo, script);
    expect([result.stdout, result.code]).toEqual([stdout, code]);
  });

  test('a command without authentication is refused', async () => {
    const bed = new TestBed();
    const mongo = await bed.start('mongo', { env });
    const result = await bed.sh(mongo, `mongosh --eval 'show dbs'; mongosh --eval "db.adminCommand('ping').ok"`);
    expect(result).toMatchObject({
      stdout: '1\n',
      stderr: 'MongoServerError[Unauthorized]: Command listDatabases requires authentication\n',
    });
  });

  test('only one half of the root user is a mistake', async () => {
    const mongo = await new TestBed().start('mongo', { env: { MONGO_INITDB_ROOT_USERNAME: 'root' } });
    expect(await mongo.exited).toMatchObject({ exitCode: 1 });
  });

  test('keeps its data on a volume', async () => {
    const bed = new TestBed();
    const mounts = [{ path: '/data/db', readOnly: false, volume: volume({}) }];
    const mongo = await bed.start('mongo', { mounts });
    await bed.sh(mongo, `mongosh shop --eval 'db.orders.insertOne({n: 1})'`);
    await mongo.stop(30);
    expect(
      (await bed.sh(await bed.start('mongo', { mounts }), `mongosh shop --eval 'db.orders.countDocuments({n: 1})'`)).stdout,
    ).toBe('1\n');
  });

  test('something that is not MongoDB’s protocol is cut off', async () => {
    const bed = new TestBed();
    await bed.start('mongo', { name: 'mongo' });
    const client = await bed.start('curlimages/curl', sleeper);
    expect((await bed.sh(client, 'curl -sS mongo:27017')).code).toBe(52);
    expect(bed.records).toEqual([]);
  });
});
