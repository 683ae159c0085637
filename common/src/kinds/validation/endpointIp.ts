/** Addresses that traffic is sent to: some ranges lead nowhere useful or are dangerous. */
import { parseIp } from '#common/api/ipAddress.ts';

/** Problems of an address as the target of traffic. */
export function endpointIpErrors(text: string): string[] {
  const ip = parseIp(text);
  if (!ip) return ['must be a valid IP address'];
  const { bits } = ip;
  const v4 = ip.family === 4;
  const errors: string[] = [];
  if (bits === 0n) errors.push(`may not be unspecified (${text})`);
  if (v4 ? bits >> 24n === 127n : bits === 1n) errors.push('may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (v4 ? bits >> 16n === 0xa9fen : bits >> 118n === 0x3fan) {
    errors.push('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  }
  if (v4 ? bits >> 8n === 0xe00000n : bits >> 112n === 0xff02n) {
    errors.push('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  }
  return errors;
}
