/** What `INFO` tells, section by section. */
import type { ReplicaLink } from './replicaLink.ts';
import type { RedisServer } from './server.ts';

export interface ServerFacts {
  readonly clients: number;
  readonly commands: number;
  readonly replicas: readonly { readonly from: string }[];
  readonly link: ReplicaLink | undefined;
  readonly replicationId: string;
  readonly offset: number;
}

export function describeServer(server: RedisServer, facts: ServerFacts, section: string): string {
  const now = server.process.container.clock.now();
  const link = facts.link;
  const keys = server.data.keys().length;
  const sections: Record<string, string[]> = {
    server: [
      `redis_version:${server.version}`,
      'redis_mode:standalone',
      'os:Linux 6.12.0-playground x86_64',
      `process_id:${server.process.pid}`,
      `tcp_port:${server.value('port')}`,
      `uptime_in_seconds:${Math.floor((now - server.process.startedAt) / 1000)}`,
      `config_file:${server.config.file ?? ''}`,
    ],
    clients: [`connected_clients:${facts.clients}`, `maxclients:${server.value('maxclients')}`],
    memory: [
      'used_memory:1048576',
      'used_memory_human:1.00M',
      `maxmemory:${server.value('maxmemory')}`,
      `maxmemory_policy:${server.value('maxmemory-policy')}`,
    ],
    persistence: [
      'loading:0',
      `rdb_changes_since_last_save:${server.data.changes}`,
      `aof_enabled:${server.value('appendonly') === 'yes' ? 1 : 0}`,
    ],
    stats: [`total_commands_processed:${facts.commands}`],
    replication: [
      `role:${link ? 'slave' : 'master'}`,
      ...(link
        ? [
            `master_host:${link.host}`,
            `master_port:${link.port}`,
            `master_link_status:${link.up ? 'up' : 'down'}`,
            `slave_read_only:${server.value('replica-read-only') === 'no' ? 0 : 1}`,
          ]
        : []),
      `connected_slaves:${facts.replicas.length}`,
      ...facts.replicas.map(
        (replica, index) => `slave${index}:ip=${replica.from},port=6379,state=online,offset=${facts.offset},lag=0`,
      ),
      `master_replid:${facts.replicationId}`,
      `master_repl_offset:${facts.offset}`,
    ],
    cpu: ['used_cpu_sys:0.010000', 'used_cpu_user:0.010000'],
    keyspace: keys > 0 ? [`db0:keys=${keys},expires=${server.data.withExpiry},avg_ttl=0`] : [],
  };
  const wanted =
    section === '' || section === 'all' || section === 'default' || section === 'everything' ? Object.keys(sections) : [section];
  return wanted
    .filter((name) => Object.hasOwn(sections, name))
    .map((name) => [`# ${name[0]?.toUpperCase()}${name.slice(1)}`, ...(sections[name] ?? []), ''].join('\r\n'))
    .join('\r\n');
}
