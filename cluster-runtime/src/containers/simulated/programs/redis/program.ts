/** `redis-server`: reads its settings, serves until it is told to stop, and says what the real one says. */
import { dateParts } from '../../net/clusterDate.ts';
import type { Program } from '../../process/process.ts';
import { ConfigError, readRedisConfig, type RedisConfig } from './config.ts';
import { RedisServer } from './server.ts';

export function redisServer(version: string): Program {
  return async (process) => {
    if (process.args.includes('--version') || process.args.includes('-v')) {
      await process.out(`Redis server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0\n`);
      return 0;
    }
    const { day, monthName, year, time, milliseconds } = dateParts(process.container.clock.now());
    const first = (level: string, text: string): void =>
      void process.out(`${process.pid}:C ${day} ${monthName} ${year} ${time}.${milliseconds} ${level} ${text}\n`);
    let config: RedisConfig;
    try {
      config = readRedisConfig(process);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      await process.error(`\n*** FATAL CONFIG FILE ERROR (Redis ${version}) ***\n${error.message}\n`);
      return 1;
    }
    const server = new RedisServer(process, version, config);
    first('*', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
    first('*', `Redis version=${version}, bits=64, commit=00000000, modified=0, pid=${process.pid}, just started`);
    if (process.args.length === 0)
      first(
        '#',
        'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
      );
    else first('*', 'Configuration loaded');
    try {
      server.log('*', `Running mode=standalone, port=${server.value('port')}.`);
      server.open();
    } catch {
      server.log(
        '#',
        `Warning: Could not create server TCP listening socket *:${server.value('port')}: bind: Address already in use`,
      );
      server.log('#', 'Failed listening on port, aborting.');
      return 1;
    }
    server.log('*', 'Server initialized');
    server.log('*', 'Ready to accept connections tcp');
    const signal = await process.untilSignal('TERM', 'INT');
    await process.out(
      `${process.pid}:signal-handler (${Math.floor(process.container.clock.now() / 1000)}) Received SIG${signal} scheduling shutdown...\n`,
    );
    server.log('*', 'User requested shutdown...');
    if (server.value('save') !== '' && server.data.changes > 0) {
      server.log('*', 'Saving the final RDB snapshot before exiting.');
      server.save();
    }
    server.log('#', 'Redis is now ready to exit, bye bye...');
    return 0;
  };
}
