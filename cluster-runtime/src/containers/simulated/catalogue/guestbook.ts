/** The guestbook's web page: reads messages from the Redis followers and writes them to the leader. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { debianLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { ConnectionError } from '../../../network/network.ts';
import { lookUp } from '../net/dial.ts';
import type { HttpExchange } from '../net/httpService.ts';
import type { Process } from '../process/process.ts';
import { RedisClient, RedisConnectionLost } from '../programs/redis/client.ts';
import type { Value } from '../programs/redis/resp.ts';
import { apache } from './httpd.ts';

/** Service names by role: the tutorial's present ones and its earlier ones. */
const leaderNames = ['redis-leader', 'redis-master'];
const followerNames = ['redis-follower', 'redis-slave'];

const product = { Server: 'Apache/2.4.41 (Ubuntu)', 'X-Powered-By': 'PHP/7.4.3' };

/** The first of the names that the cluster knows. */
function hostOf(process: Process, names: readonly string[]): string {
  for (const name of names) {
    const address = process.env.get(`${name.toUpperCase().replaceAll('-', '_')}_SERVICE_HOST`);
    if (process.env.get('GET_HOSTS_FROM') === 'env' && address) return address;
    if (lookUp(process.container, name).length > 0) return name;
  }
  return names[0] ?? '';
}

async function ask(process: Process, host: string, ...words: string[]): Promise<Value> {
  const client = await RedisClient.connect(process, host, 6379);
  try {
    return await client.command(...words);
  } finally {
    client.close();
  }
}

async function answerGuestbook(process: Process, exchange: HttpExchange): Promise<boolean> {
  const url = new URL(exchange.request.url ?? '/', 'http://guestbook');
  if (url.pathname !== '/guestbook.php') return false;
  const json = { ...product, 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' };
  const writes = url.searchParams.get('cmd') === 'set';
  const host = hostOf(process, writes ? leaderNames : followerNames);
  const key = url.searchParams.get('key') ?? '';
  try {
    const value = writes
      ? await ask(process, host, 'SET', key, url.searchParams.get('value') ?? '')
      : await ask(process, host, 'GET', key);
    const failed =
      typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'error' ? value.text : undefined;
    if (failed !== undefined) throw new RedisConnectionLost(failed);
    exchange.send(200, json, JSON.stringify(writes ? { message: 'Updated' } : { data: typeof value === 'string' ? value : '' }));
  } catch (error) {
    if (!(error instanceof ConnectionError) && !(error instanceof RedisConnectionLost)) throw error;
    const reason =
      error instanceof RedisConnectionLost
        ? error.message
        : error.code === 'ENOTFOUND'
          ? `php_network_getaddresses: getaddrinfo failed: Name or service not known [tcp://${host}:6379]`
          : `Connection ${error.code === 'ETIMEDOUT' ? 'timed out' : 'refused'} [tcp://${host}:6379]`;
    void process.error(
      `[client ${exchange.from}] PHP Fatal error:  Uncaught exception 'Predis\\Connection\\ConnectionException' with message '${reason}'\n`,
    );
    exchange.send(500, { ...product, 'Content-Type': 'text/html; charset=UTF-8' }, '');
  }
  return true;
}

const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Guestbook</title>
<style>body { font-family: sans-serif; max-width: 40em; margin: 2em auto; } input { width: 70%; }</style>
</head>
<body>
<h2>Guestbook</h2>
<form><input name="entry" placeholder="Messages"> <button>Submit</button></form>
<div id="messages"></div>
<script>
let messages = [];
const show = () => {
  document.querySelector('#messages').replaceChildren(...messages.map((text) => Object.assign(document.createElement('p'), { textContent: text })));
};
fetch('guestbook.php?cmd=get&key=messages').then((answer) => answer.json()).then(({ data }) => {
  messages = data ? data.split(',') : [];
  show();
});
document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = event.target.elements.entry;
  messages.push(input.value);
  input.value = '';
  show();
  fetch('guestbook.php?cmd=set&key=messages&value=' + encodeURIComponent(messages.join(',')));
});
</script>
</body>
</html>
`;

export const guestbookImage: ImageDefinition = {
  ...simulated(imageDescriptions.guestbook),
  build(tag) {
    const server = apache({
      version: '2.4.41',
      server: 'Ubuntu',
      root: '/var/www/html',
      command: 'apache2 -D FOREGROUND',
      answer: answerGuestbook,
    });
    return {
      layers: [debianLayer, layer('php:apache', 130), layer(`gb-frontend:${tag}`, 4)],
      cmd: ['apache2-foreground'],
      workingDir: '/var/www/html',
      exposedPorts: [80],
      stopSignal: 'WINCH',
      userland: 'debian',
      tools: ['curl'],
      programs: { '/usr/local/bin/apache2-foreground': server },
      files: () => ({ '/var/www/html/index.html': page }),
      usage: { cpuMillicores: 1, memoryMebibytes: 12 },
    };
  },
};
