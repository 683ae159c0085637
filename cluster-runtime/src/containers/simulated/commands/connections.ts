/** Connections by hand: `nc`, `ping`, `netstat`, `ip`, `ifconfig`, `traceroute`. */
import { ConnectionError } from '../../../network/network.ts';
import { dialName, lookUp } from '../net/dial.ts';
import type { Process, Program } from '../process/process.ts';

function parseNc(args: readonly string[]): { flags: string; seconds?: string; port?: string; operands: string[] } {
  const parsed: ReturnType<typeof parseNc> = { flags: '', operands: [] };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (!/^-[a-z]/i.test(arg)) {
      parsed.operands.push(arg);
      continue;
    }
    const takesValue = /^-(\w*)([wp])(\d*)$/.exec(arg);
    parsed.flags += takesValue ? (takesValue[1] ?? '') : arg.slice(1);
    if (!takesValue) continue;
    const value = takesValue[3] || (args[++at] ?? '');
    if (takesValue[2] === 'w') parsed.seconds = value;
    else parsed.port = value;
  }
  return parsed;
}

export const nc: Program = async (process) => {
  const { flags, seconds, port: localPort, operands } = parseNc(process.args);
  if (flags.includes('l')) return listen(process, Number(localPort ?? operands[0]), flags.includes('k'));
  const [host = '', port = ''] = operands;
  const timeoutMs = seconds === undefined ? undefined : Number(seconds) * 1000;
  const address = lookUp(process.container, host)[0];
  if (address === undefined) {
    await process.error(`nc: bad address '${host}'\n`);
    return 1;
  }
  let socket;
  try {
    socket = await dialName(process, host, Number(port), timeoutMs);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const reason = {
      ETIMEDOUT: 'Connection timed out',
      EHOSTUNREACH: 'Host is unreachable',
      ECONNREFUSED: 'Connection refused',
      ENOTFOUND: 'Host not found',
    }[error.code];
    await process.error(`nc: ${host} (${address}:${port}): ${reason}\n`);
    return 1;
  }
  if (flags.includes('v')) await process.error(`${host} (${address}:${port}) open\n`);
  if (flags.includes('z')) {
    socket.destroy();
    return 0;
  }
  const upstream = (async () => {
    for (let chunk = await process.read(); chunk; chunk = await process.read()) socket.write(chunk);
    socket.end();
  })();
  upstream.catch(() => socket.destroy());
  for await (const chunk of socket) await process.write(chunk as Buffer);
  return 0;
};

async function listen(process: Process, port: number, again: boolean): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.container.listen(process, port, (socket) => {
    socket.on('data', (chunk: Buffer) => void process.write(chunk));
    socket.on('end', () => {
      socket.end();
      if (!again) resolve();
    });
    void (async () => {
      for (let chunk = await process.read(); chunk; chunk = await process.read()) socket.write(chunk);
    })();
  });
  await promise;
  return 0;
}

/** Differs from Kubernetes: the network carries connections only, so every address that a name has answers a ping. */
export const ping: Program = async (process) => {
  const args = [...process.args];
  let count = Infinity;
  let host = '';
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '-c') count = Number(args[++at]);
    else if (/^-[wWisI]$/.test(arg)) at++;
    else if (!arg.startsWith('-')) host = arg;
  }
  const [address] = lookUp(process.container, host);
  if (address === undefined) {
    await process.error(`ping: bad address '${host}'\n`);
    return 1;
  }
  await process.out(`PING ${host} (${address}): 56 data bytes\n`);
  let sent = 0;
  const report = async (): Promise<void> => {
    await process.out(
      `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${sent} packets received, 0% packet loss\nround-trip min/avg/max = 0.052/0.064/0.081 ms\n`,
    );
  };
  process.onSignal('INT', () => void report().then(() => process.exit(0)));
  while (sent < count) {
    await process.out(`64 bytes from ${address}: seq=${sent} ttl=64 time=0.0${52 + (sent % 30)} ms\n`);
    sent++;
    if (sent < count) await process.sleep(1000);
  }
  await report();
  return 0;
};

export const traceroute: Program = async (process) => {
  const host = process.args.find((arg) => !arg.startsWith('-')) ?? '';
  const [address] = lookUp(process.container, host);
  if (address === undefined) {
    await process.error(`traceroute: bad address '${host}'\n`);
    return 1;
  }
  await process.out(
    `traceroute to ${host} (${address}), 30 hops max, 46 byte packets\n 1  ${address} (${address})  0.009 ms  0.006 ms  0.005 ms\n`,
  );
  return 0;
};

export const netstat: Program = async (process) => {
  await process.out(
    'Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State\n',
  );
  for (const port of process.container.listeningPorts) {
    await process.out(`tcp        0      0 ${`0.0.0.0:${port}`.padEnd(23)} ${'0.0.0.0:*'.padEnd(23)} LISTEN\n`);
  }
  return 0;
};

export const ip: Program = async (process) => {
  const { ip: address } = process.container.spec.pod;
  if ((process.args[0] ?? '').startsWith('r')) {
    await process.out(`default via ${address.replace(/\d+$/, '1')} dev eth0\n`);
    return 0;
  }
  await process.out(
    `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n    inet 127.0.0.1/8 scope host lo\n2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n    inet ${address}/24 scope global eth0\n`,
  );
  return 0;
};

export const ifconfig: Program = async (process) => {
  await process.out(
    `eth0      Link encap:Ethernet\n          inet addr:${process.container.spec.pod.ip}  Mask:255.255.255.0\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\nlo        Link encap:Local Loopback\n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n`,
  );
  return 0;
};
