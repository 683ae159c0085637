/** What a person may set. Read from the client's configuration under `kubePlayground`; whatever is wrong in it counts as unset. */
import { getOwn, isJsonObject } from '#common/api/ownProperty.ts';

export type RuleLevel = 'off' | 'error' | 'warning' | 'information' | 'hint';

export interface Settings {
  /** By rule; what is not named has the rule's own level. */
  readonly rules: ReadonlyMap<string, RuleLevel>;
  /** Diagnostics of files that are not open. */
  readonly diagnoseWorkspace: boolean;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
}

export const defaultSettings: Settings = { rules: new Map(), diagnoseWorkspace: true, codeLens: true, inlayHints: true };

const levels: readonly string[] = ['off', 'error', 'warning', 'information', 'hint'];

export function readSettings(value: unknown): Settings {
  if (!isJsonObject(value)) return defaultSettings;
  const rules = getOwn(value, 'rules');
  const flag = (name: 'diagnoseWorkspace' | 'codeLens' | 'inlayHints'): boolean => {
    const given = getOwn(value, name);
    return typeof given === 'boolean' ? given : defaultSettings[name];
  };
  return {
    rules: new Map(
      (isJsonObject(rules) ? Object.entries(rules) : []).filter((entry): entry is [string, RuleLevel] =>
        levels.includes(entry[1] as string),
      ),
    ),
    diagnoseWorkspace: flag('diagnoseWorkspace'),
    codeLens: flag('codeLens'),
    inlayHints: flag('inlayHints'),
  };
}
