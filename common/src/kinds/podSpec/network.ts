/** How a pod is called and how it resolves names: DNS policy and config, host aliases, host names. */
import { forbidden, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { ipErrors } from '#common/api/ipAddress.ts';
import { byteLength, dns1123SubdomainErrors, dns1123SubdomainWithUnderscoreErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addProblems, type Errors } from './fieldRules.ts';

const maxNameservers = 3;
const maxSearches = 32;
const maxSearchCharacters = 2048;
const maxHostname = 64;

export function validateDnsConfig(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  const config = spec.dnsConfig;
  const at = path.child('dnsConfig');
  if (spec.dnsPolicy === 'None') {
    if (!config) {
      errors.push(required(at, 'must provide `dnsConfig` when `dnsPolicy` is None'));
      return;
    }
    if (!config.nameservers?.length) {
      const text = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      errors.push(required(at.child('nameservers'), text));
      return;
    }
  }
  if (!config) return;
  const { nameservers = [], searches = [], options = [] } = config;
  if (nameservers.length > maxNameservers) {
    errors.push(invalid(at.child('nameservers'), nameservers, `must not have more than ${maxNameservers} nameservers`));
  }
  nameservers.forEach((ip, i) => addProblems(ip, ipErrors(ip), at.child('nameservers').index(i), errors));
  validateSearches(searches, at.child('searches'), errors);
  options.forEach(({ name }, i) => {
    if (!name) errors.push(required(at.child('options').index(i), 'must not be empty'));
  });
}

function validateSearches(searches: readonly string[], path: FieldPath, errors: Errors): void {
  if (searches.length > maxSearches) {
    errors.push(invalid(path, searches, `must not have more than ${maxSearches} search paths`));
  }
  if (searches.join(' ').length > maxSearchCharacters) {
    const text = `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`;
    errors.push(invalid(path, searches, text));
  }
  searches.forEach((search, i) => {
    // A lone dot is the root, and names may end in a dot.
    if (search === '.') return;
    const problems = dns1123SubdomainWithUnderscoreErrors(search.endsWith('.') ? search.slice(0, -1) : search);
    if (problems.length) addProblems(search, problems, path.index(i), errors);
  });
}

export function validateHostAliases(aliases: readonly api.HostAlias[], path: FieldPath, errors: Errors): void {
  aliases.forEach((alias, i) => {
    const at = path.index(i);
    addProblems(alias.ip ?? '', ipErrors(alias.ip ?? ''), at.child('ip'), errors);
    alias.hostnames?.forEach((name, j) => {
      const problems = dns1123SubdomainErrors(name);
      if (problems.length) addProblems(name, problems, at.child('hostnames').index(j), errors);
    });
  });
}

export function validateHostnameOverride(spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  const name = spec.hostnameOverride;
  if (name == null) return;
  const at = path.child('hostnameOverride');
  if (spec.hostNetwork) errors.push(forbidden(at, 'may not be specified when hostNetwork is true'));
  if (spec.setHostnameAsFQDN) errors.push(forbidden(at, 'may not be specified when setHostnameAsFQDN is true'));
  addProblems(name, dns1123SubdomainErrors(name), at, errors);
  if (byteLength(name) > maxHostname) {
    errors.push({ type: 'FieldValueTooLong', path: at, detail: `may not be more than ${maxHostname} bytes` });
  }
}
