/** The only list of commands. */
import { applyFiles } from './applyFiles.ts';
import type { Command } from './command.ts';
import { copyName } from './copyName.ts';
import { deleteObject } from './deleteObject.ts';
import { deleteObjects } from './deleteObjects.ts';
import { describe } from './describe.ts';
import { expose } from './expose.ts';
import { revealInYaml } from './revealInYaml.ts';
import { scale } from './scale.ts';
import { showLogs } from './showLogs.ts';
import { startCluster } from './startCluster.ts';
import { stopCluster } from './stopCluster.ts';
import { toggleApplyOnSave } from './toggleApplyOnSave.ts';

export const allCommands: readonly Command[] = [
  startCluster,
  stopCluster,
  applyFiles,
  deleteObjects,
  toggleApplyOnSave,
  scale,
  expose,
  showLogs,
  describe,
  copyName,
  revealInYaml,
  deleteObject,
];
